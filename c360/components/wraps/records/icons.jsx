// The few icons of the list, drawn as lucide does (ISC licence), so that the whole set does not ship.
const icon = (...paths) =>
  function Icon() {
    return (
      <svg width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden>
        {paths.map((path) => (
          <path key={path} d={path} />
        ))}
      </svg>
    );
  };

export const Cross = icon("M18 6 6 18", "m6 6 12 12");
export const Plus = icon("M5 12h14", "M12 5v14");
export const Filter = icon("M2 5h20", "M6 12h12", "M9 19h6");
export const Columns = icon("M3 3h18v18H3z", "M9 3v18", "M15 3v18");
export const Sort = icon("m21 16-4 4-4-4", "M17 20V4", "m3 8 4-4 4 4", "M7 4v16");
export const Bookmark = icon("m19 21-7-4-7 4V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2z");
export const Down = icon("m6 9 6 6 6-6");
export const Up = icon("m18 15-6-6-6 6");
export const Dots = icon("M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0", "M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0", "M18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0");
export const Pin = icon("M12 17v5", "M9 10.8V4h6v6.8l3 4.2H6z");
export const Rows = icon("M3 6h18", "M3 12h18", "M3 18h18");
export const Refresh = icon("M21 12a9 9 0 1 1-2.6-6.4L21 8", "M21 3v5h-5");
export const Pencil = icon("M17 3a2.8 2.8 0 1 1 4 4L7.5 20.5 2 22l1.5-5.5z");
export const Tag = icon("M12.6 2.6 21.4 11.4a2 2 0 0 1 0 2.8l-7.2 7.2a2 2 0 0 1-2.8 0L2.6 12.6A2 2 0 0 1 2 11.2V4a2 2 0 0 1 2-2h7.2a2 2 0 0 1 1.4.6z", "M7.5 7.5h.01");
export const Person = icon("M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2", "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8", "m16 11 2 2 4-4");
export const Download = icon("M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m7 10 5 5 5-5", "M12 15V3");
export const Folder = icon("M12 10v6", "M9 13h6", "M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.7-.9L9.6 3.9A2 2 0 0 0 7.9 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2z");
export const Archive = icon("M2 3h20v5H2z", "M4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8", "M10 12h4");
export const Merge = icon("M18 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6", "M6 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6", "M6 21V9a9 9 0 0 0 9 9");
export const Moon = icon("M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9");
export const Star = icon("m12 2 3.1 6.3 6.9 1-5 4.9 1.2 6.8-6.2-3.2L5.8 21 7 14.2 2 9.3l6.9-1z");
export const Cloud = icon("M12 9v4", "M12 17h.01", "M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0");

/** The picture of each kind of activity, as its own pages draw it. */
export const KINDS = {
  call: icon("M13.8 16.6a1 1 0 0 0 1.2-.3l.4-.5A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.5.4a1 1 0 0 0-.3 1.2 14 14 0 0 0 6.4 6.4"),
  meeting: icon("M8 2v4", "M16 2v4", "M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z", "M3 10h18"),
  task: icon("M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z", "m9 12 2 2 4-4"),
  mail: icon("M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z", "m22 7-9 5.7a2 2 0 0 1-2 0L2 7"),
  note: icon("M13.4 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-7.4", "M2 6h4", "M2 10h4", "M2 14h4", "M2 18h4", "M21.4 5.6a1 1 0 1 0-3-3l-5 5a2 2 0 0 0-.5.9l-.9 2.8a.5.5 0 0 0 .6.6l2.9-.8a2 2 0 0 0 .8-.5z"),
  letter: icon("M22 17a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9.5C2 7 4 5 6.5 5H18c2.2 0 4 1.8 4 4z", "M15 9h3v2", "M6.5 5C9 5 11 7 11 9.5V17a2 2 0 0 1-2 2", "M6 10h1"),
  other: icon("M3 16.3a2 2 0 0 1 .1 1.2l-1.1 3.3a1 1 0 0 0 1.2 1.2l3.5-1a2 2 0 0 1 1 0 10 10 0 1 0-4.7-4.7"),
};
