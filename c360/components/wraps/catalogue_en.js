// Every English sentence, merged from the files of all areas.
const files = import.meta.glob("/public/locales/en/*.json", { eager: true, import: "default" });
export default Object.assign({}, ...Object.values(files));
