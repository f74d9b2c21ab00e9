// What can be done with the selected rows.
import { DropdownMenu } from "@radix-ui/themes";
import { num, tr, useLanguage } from "../i18n/i18n.js";
import { Archive, Cross, Dots, Download, Folder, Merge, Pencil, Person, Tag } from "./icons.jsx";

const ACTS = [
  ["edit", Pencil],
  ["assign", Person],
  ["tag", Tag],
  ["export", Download],
];
const MORE = [
  "untag", "add_to_folder", "remove_from_folder", "merge", "find_duplicates", "inactivate", "activate", "archive",
];

export function SelectionBar({ count, total, exact, all, acts, inFolder, onAct, onAll, onClear }) {
  const language = useLanguage();
  const word = (key, params) => tr(language, `list.${key}`, params);
  const may = (act) => acts.includes(act) && (act !== "remove_from_folder" || inFolder);
  const matching = num(language, total) + (exact ? "" : "+");
  return (
    <div className="selbar" role="region" aria-label={word("selection")}>
      <span className="num" role="status">
        {word("selected", { n: count })}
      </span>
      {!all && count < total && (
        <button type="button" className="btn gh link" onClick={onAll}>
          {word("select_all_matching", { count: matching })}
        </button>
      )}
      {ACTS.filter(([act]) => may(act)).map(([act, Icon]) => (
        <button key={act} type="button" className="btn" onClick={() => onAct(act)}>
          <Icon />
          <span className="hide-s">{word(`bulk.${act}`)}</span>
          <span className="sr when-s">{word(`bulk.${act}`)}</span>
        </button>
      ))}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger>
          <button type="button" className="btn ic" aria-label={word("bulk.more")}>
            <Dots />
          </button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content size="1" variant="soft">
          {MORE.filter(may).map((act) => (
            <DropdownMenu.Item key={act} color={act === "archive" ? "red" : undefined} onSelect={() => onAct(act)}>
              {act === "archive" && <Archive />}
              {act.endsWith("folder") && <Folder />}
              {act === "merge" && <Merge />}
              {word(`bulk.${act}`)}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      <button type="button" className="btn gh ic" aria-label={word("clear_selection")} onClick={onClear}>
        <Cross />
      </button>
    </div>
  );
}
