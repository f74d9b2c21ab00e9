// Panning costs the same however many cards there are: while a hand drags the pane, only style moves.
//
// React Flow tells each change of its viewport to every card, line and handle, which is thousands of questions a frame.
// Here it does not keep the viewport itself: what a hand drags is drawn at once and told to the rest now and then.
import { useMemo } from "react";
import { useStoreApi } from "@xyflow/react";

/** The distance of the dots in the background. */
export const GAP = 20;
const TOLD_MS = 250;
const START = { x: 0, y: 0, zoom: 1 };

function drawn(box, { x, y, zoom }) {
  box.querySelector(".react-flow__viewport").style.transform = `translate(${x}px,${y}px) scale(${zoom})`;
  const dots = box.querySelector(".react-flow__background pattern");
  dots.setAttribute("x", x % (GAP * zoom));
  dots.setAttribute("y", y % (GAP * zoom));
}

/** What <ReactFlow> needs, inside the element of the chart, so that it pans lightly. */
export function usePanning(box) {
  const store = useStoreApi();
  return useMemo(() => {
    let [held, last] = [false, 0];
    const tell = ({ x, y, zoom }) => {
      last = performance.now();
      store.setState({ transform: [x, y, zoom] });
    };
    // The viewport is given, though it never changes, so that React Flow leaves the keeping of it to the handlers.
    return {
      viewport: START,
      onMoveStart: (event) => {
        held = Boolean(event) && event.type !== "wheel";
      },
      onViewportChange: (viewport) => {
        const panned = held && viewport.zoom === store.getState().transform[2];
        if (panned && performance.now() - last < TOLD_MS) drawn(box.current, viewport);
        else tell(viewport);
      },
      onMoveEnd: (_, viewport) => tell(viewport),
    };
  }, [store, box]);
}
