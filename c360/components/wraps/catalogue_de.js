// Every German sentence, merged from the files of all areas; loaded only for those who read German.
const files = import.meta.glob("/public/locales/de/*.json", { eager: true, import: "default" });
export default Object.assign({}, ...Object.values(files));
