// CriteriaField: the filter builder as a part of a form; the criteria go with the form, as JSON.
import { useEffect, useRef, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";
import { columnsOf, told } from "./api.js";
import { Group, testable } from "./builder.jsx";
import { EMPTY } from "./criteria.js";

const PAUSE_MS = 400;

export function CriteriaField({ name, entity, value, without = [], onPause }) {
  const language = useLanguage();
  const [offered, setOffered] = useState(null);
  const [failed, setFailed] = useState("");
  const [criteria, setCriteria] = useState(value?.of ? value : EMPTY);
  const pause = useRef();
  useEffect(() => {
    let here = true;
    columnsOf(entity, language).then(
      (found) => here && setOffered(found),
      (error) => here && setFailed(told(language, error)),
    );
    return () => {
      here = false;
      clearTimeout(pause.current);
    };
  }, [entity, language]);
  function change(next) {
    setCriteria(next);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => onPause?.(next), PAUSE_MS);
  }
  const columns = testable(offered?.columns ?? []).filter((one) => !without.includes(one.name));
  return (
    <div className="criteria-field" aria-busy={!offered && !failed}>
      {failed && (
        <div className="err" role="alert">
          {failed}
        </div>
      )}
      {offered && <Group group={criteria} columns={columns} relations={offered.related} onChange={change} />}
      {!offered && !failed && <p className="mut">{tr(language, "criteria.loading")}</p>}
      <input type="hidden" name={name} value={JSON.stringify(criteria)} />
    </div>
  );
}
