// A chart: plotly draws, the theme's own colours and type. Its library is fetched when the first chart is shown.
import { useEffect, useRef, useState } from "react";
import { useDark } from "../theme/theme.js";

let library;
const load = () => (library ??= import("plotly.js-basic-dist-min").then((module) => module.default ?? module));

const AXIS = { gridcolor: "var(--c-line-2)", linecolor: "var(--c-line)", zerolinecolor: "var(--c-line)", automargin: true, fixedrange: true };
const BASE = {
  autosize: true,
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  margin: { l: 4, r: 4, t: 34, b: 4 },
  hovermode: "closest",
  dragmode: false,
  barmode: "stack",
  barcornerradius: 3,
  bargap: 0.45,
  showlegend: true,
  legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", traceorder: "normal", itemclick: false, itemdoubleclick: false },
  hoverlabel: { bgcolor: "var(--gray-12)", bordercolor: "var(--gray-12)", font: { color: "var(--gray-1)", size: 12 } },
};
const FEW = 6; // below, the axis counts in ones

/** The step of the axis of numbers: whole ones where there are few, else plotly's own. */
function stepOf(data) {
  const sums = (data[0]?.y ?? []).map((_, at) => data.reduce((sum, trace) => sum + (trace.y[at] ?? 0), 0));
  return Math.max(0, ...sums) < FEW ? { dtick: 1 } : {};
}

const QUIET = { displayModeBar: false, responsive: false };

/** Give plotly, which reads colours itself, real ones for the variables of the theme. */
function resolver(box) {
  const probe = box.appendChild(document.createElement("i"));
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (name) => {
    probe.style.color = name;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgba(${r},${g},${b},${a / 255})`;
  };
  const walk = (value) => {
    if (typeof value === "string") return value.startsWith("var(--") ? colour(value) : value;
    if (Array.isArray(value)) return value.map(walk);
    return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)])) : value;
  };
  return { walk, done: () => probe.remove() };
}

export function Plot({ data = [], layout = {}, height = 240, label = "", onPick }) {
  const dark = useDark();
  const box = useRef(null);
  const pick = useRef(onPick);
  const [drawn, setDrawn] = useState(false);
  pick.current = onPick;
  useEffect(() => {
    let gone = false;
    (async () => {
      const plotly = await load();
      if (gone) return;
      const { walk, done } = resolver(box.current.parentElement);
      const font = { family: getComputedStyle(box.current).fontFamily, size: 12, color: "var(--c-ink-2)" };
      const whole = { ...BASE, ...layout, height, font, xaxis: { ...AXIS, showgrid: false, ...layout.xaxis }, yaxis: { ...AXIS, rangemode: "tozero", tickformat: "d", ...stepOf(data), ...layout.yaxis } };
      await plotly.react(box.current, walk(data), walk(whole), QUIET);
      done();
      box.current.removeAllListeners("plotly_click");
      box.current.on("plotly_click", ({ points }) => pick.current?.(...(points[0]?.customdata ?? ["", ""])));
      setDrawn(true);
    })();
    return () => {
      gone = true;
    };
  }, [JSON.stringify([data, layout]), height, dark]);
  useEffect(() => {
    const node = box.current;
    const follow = new ResizeObserver(() => node.data && load().then((plotly) => plotly.Plots.resize(node)));
    follow.observe(node);
    return () => {
      follow.disconnect();
      if (library) library.then((plotly) => plotly.purge(node));
    };
  }, []);
  return (
    <div role="img" aria-label={label} className="plot" style={{ minHeight: height }}>
      {!drawn && <span className="skel" style={{ width: "100%", height }} />}
      <div ref={box} aria-hidden />
    </div>
  );
}
