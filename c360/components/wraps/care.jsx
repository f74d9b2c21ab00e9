// Care: below a free text, what it should not hold, and the words in it that need care. A hint, never a refusal.
import { useEffect, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";
import { post } from "../records/api.js";

const PAUSE = 500;
const LONGEST = 20000;

export function Care({ of }) {
  const language = useLanguage();
  const [words, setWords] = useState([]);
  useEffect(() => {
    const box = document.getElementById(of);
    if (!box) return undefined;
    let timer;
    let asked = 0;
    const look = async () => {
      const mine = ++asked;
      const text = box.value.slice(0, LONGEST);
      // A hint that cannot be had is no reason to disturb who writes.
      const told = text.trim() ? await post("/api/care", { text }).catch(() => ({ words: [] })) : { words: [] };
      if (mine === asked) setWords(told.words);
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    };
    box.addEventListener("input", wait);
    if (box.value) look();
    return () => {
      asked += 1;
      clearTimeout(timer);
      box.removeEventListener("input", wait);
    };
  }, [of]);
  return (
    <span className="care" role="status">
      {words.length ? (
        <span className="care-words">{tr(language, "care.words", { words: words.join(", ") })}</span>
      ) : (
        <span className="hint">{tr(language, "care.hint")}</span>
      )}
    </span>
  );
}
