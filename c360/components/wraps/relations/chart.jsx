// The chart of relationships: React Flow draws, layout.js places. Positions live here, facts on the server.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  Background, ConnectionMode, Controls, MarkerType, MiniMap, ReactFlow, ReactFlowProvider, useEdgesState, useNodesState, useOnViewportChange, useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { tr, useLanguage } from "../i18n/i18n.js";
import { useDark } from "../theme/theme.js";
import { HEIGHT, WIDTH, frames, inLanes, leaning, lying, placed } from "./layout.js";
import { Chosen } from "./panel.jsx";
import { GAP, usePanning } from "./panning.js";
import { Chart, EDGE_TYPES, NODE_TYPES, TIE } from "./parts.jsx";
import { save } from "./picture.js";

const NAMED = 120;
const MAPPED = 25;
const ACTS = ["open", "relate", "edit", "end", "remove", "expand", "group"];
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function told(language) {
  const say = (key) => tr(language, `relations.${key}`);
  return {
    "controls.ariaLabel": say("controls"), "controls.zoomIn.ariaLabel": say("zoom_in"), "controls.zoomOut.ariaLabel": say("zoom_out"),
    "controls.fitView.ariaLabel": say("fit"), "minimap.ariaLabel": say("map"), "node.a11yDescription.default": say("keys"),
    "node.a11yDescription.keyboardDisabled": say("keys"), "edge.a11yDescription.default": "",
  };
}

function nodeOf(node, position, was) {
  const label = [node.label, node.sub].filter(Boolean).join(", ");
  return { ...was, id: node.id, type: "customer", width: WIDTH, height: HEIGHT, position, data: node, connectable: !node.masked, ariaLabel: label, ariaRole: "group" };
}

function frameOf({ id, name, ids, x, y, width, height }) {
  return { id, type: "frame", width, height, position: { x, y }, data: { name, ids }, zIndex: -1, draggable: false, selectable: false, focusable: false, connectable: false };
}

/** The cards with a frame around each group, below them. */
function framed(cards) {
  const places = new Map(cards.map((node) => [node.id, node.position]));
  return [...frames(cards.map((node) => node.data), places).map(frameOf), ...cards];
}

const cardsOf = (nodes) => nodes.filter((node) => node.type === "customer");

function edgeOf(edge, named) {
  const arrow = { type: MarkerType.ArrowClosed, width: 14, height: 14, color: `var(--${edge.color}-8)` };
  return { id: edge.id, source: edge.source, target: edge.target, sourceHandle: TIE, targetHandle: TIE, type: "tie", data: { ...edge, named }, markerEnd: edge.shape === "equal" ? undefined : arrow };
}

function Drawn({ nodes: given = [], edges: ties = [], center = "", layout = "network", onOpen, onExpand, onRelate, onEdit, onEnd, onRemove, onGroup }) {
  const dark = useDark();
  const language = useLanguage();
  const flow = useReactFlow();
  const [nodes, setNodes, onNodesChange] = useNodesState([]);
  const [edges, setEdges, onEdgesChange] = useEdgesState([]);
  const [chosen, setChosen] = useState({});
  const [relating, setRelating] = useState("");
  const box = useRef(null);
  const places = useRef(new Map());
  const drawn = useRef({});
  const calls = useRef({});
  calls.current = { open: onOpen, relate: onRelate, edit: onEdit, end: onEnd, remove: onRemove, expand: onExpand, group: onGroup };
  const acts = useMemo(() => Object.fromEntries(ACTS.map((act) => [act, (...args) => {
    if (act === "expand") [drawn.current.from] = args;
    if (act !== "expand") setChosen({});
    calls.current[act]?.(...args);
  }])), []);
  const focus = chosen.node ?? center;
  const sideways = lying(given);
  const shared = useMemo(() => ({ center, focus, layout, sideways, language, relating, expand: acts.expand, group: acts.group }), [center, focus, layout, sideways, language, relating, acts]);
  const facts = JSON.stringify([given, ties, layout]);

  // The level of detail changes one attribute; the style sheet does the rest, React does nothing per frame.
  const onChange = useCallback(({ zoom }) => {
    const detail = zoom < 0.45 ? "far" : zoom < 0.7 ? "mid" : "near";
    if (box.current && box.current.dataset.detail !== detail) box.current.dataset.detail = detail;
  }, []);
  useOnViewportChange({ onChange });
  const panning = usePanning(box);

  useEffect(() => {
    const { layout: before, center: middle, groups: parted, from } = drawn.current;
    const regrouped = parted !== undefined && given.some((node) => node.group !== parted.get(node.id) && (parted.has(node.id) || node.group));
    if (before !== layout || middle !== center || regrouped) places.current = new Map();
    const here = new Set(given.map((node) => node.id));
    const old = new Map([...places.current].filter(([id]) => here.has(id)));
    const next = placed(layout, given, ties, old, old.get(from));
    const grown = given.some((node) => !old.has(node.id)) || before !== layout;
    places.current = new Map(next);
    drawn.current = { layout, center, groups: new Map(given.map((node) => [node.id, node.group])) };
    setNodes((shown) => {
      const was = new Map(shown.map((node) => [node.id, node]));
      return framed(given.map((node) => nodeOf(node, next.get(node.id) ?? { x: 0, y: 0 }, was.get(node.id))));
    });
    const named = layout === "network" && ties.length < NAMED;
    setEdges(inLanes(leaning(ties, given)).map((edge) => edgeOf(edge, named)));
    setChosen((now) => (now.node && !here.has(now.node) ? {} : now.edge && !ties.some((edge) => edge.id === now.edge) ? {} : now));
    if (!grown) return undefined;
    const timer = setTimeout(() => flow.fitView({ padding: 0.15, maxZoom: 1.1, duration: old.size && !still() ? 350 : 0 }), 30);
    return () => clearTimeout(timer);
  }, [facts, center]);

  useEffect(() => {
    const listen = ({ detail }) => {
      if (detail === "fit") flow.fitView({ padding: 0.15, duration: still() ? 0 : 300 });
      else if (flow.getNodes().length) save(detail, given.find((node) => node.id === center)?.label ?? "", flow.getNodes(), flow.getEdges(), box.current);
    };
    window.addEventListener("c360:chart", listen);
    return () => window.removeEventListener("c360:chart", listen);
  }, [center, facts]);

  function pressed(event) {
    const card = event.target.closest?.(".react-flow__node");
    const node = card && given.find(({ id }) => id === card.dataset.id);
    if (!node || event.target !== card || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { Enter: acts.open, "+": acts.expand, e: acts.expand, r: (id) => acts.relate(id, ""), g: (id) => acts.group(picked.some((one) => one.id === id) ? picked.map((one) => one.id) : [id]), " ": (id) => setChosen({ node: id }) }[event.key];
    if (event.key === "Escape") setChosen({});
    if (!does || (node.masked && event.key !== " ") || (event.key === "g" && node.id === center)) return;
    event.preventDefault();
    event.stopPropagation();
    does(node.id);
  }

  const picked = nodes.filter((node) => node.selected && node.type === "customer" && !node.data.masked && node.id !== center);
  const names = useMemo(() => new Map(given.map((node) => [node.id, node.label])), [facts]);
  return (
    <div ref={box} className="rc" data-detail="near" role="application" aria-label={tr(language, "relations.chart")} onKeyDownCapture={pressed}>
      <Chart.Provider value={shared}>
        <ReactFlow
          {...panning} nodes={nodes} edges={edges} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES}
          colorMode={dark ? "dark" : "light"} connectionMode={ConnectionMode.Loose} connectionRadius={36} connectionDragThreshold={0} minZoom={0.08} maxZoom={2} zoomOnDoubleClick={false}
          nodesFocusable edgesFocusable={false} elevateNodesOnSelect deleteKeyCode={null} ariaLabelConfig={told(language)}
          onNodeClick={(_, node) => setChosen({ node: node.id })} onNodeDoubleClick={(_, node) => !node.data.masked && acts.expand(node.id)}
          onEdgeClick={(_, edge) => setChosen({ edge: edge.id })} onPaneClick={() => setChosen({})}
          onNodeDrag={(_, { data }) => data.group && setNodes((shown) => framed(cardsOf(shown)))}
          onNodeDragStop={(_, __, moved) => moved.forEach((node) => places.current.set(node.id, node.position))}
          onConnectStart={(_, { nodeId }) => setRelating(nodeId)} onConnectEnd={() => setRelating("")}
          isValidConnection={({ source, target }) => source !== target && !nodes.find((node) => node.id === target)?.data.masked}
          onConnect={({ source, target }) => acts.relate(source, target)}
        >
          <Background gap={GAP} size={1} color="var(--gray-a4)" />
          <Controls showInteractive={false} position="bottom-left" />
          {nodes.length > MAPPED && <MiniMap pannable zoomable position="bottom-right" nodeColor={(node) => (node.type === "frame" ? "transparent" : node.data.kind === "account" ? "var(--accent-8)" : "var(--gray-7)")} />}
          <Chosen picked={picked} node={given.find(({ id }) => id === chosen.node)} edge={ties.find(({ id }) => id === chosen.edge)} names={names} language={language} acts={acts} center={center} />
        </ReactFlow>
      </Chart.Provider>
    </div>
  );
}

export const RelationChart = (props) => (
  <ReactFlowProvider>
    <Drawn {...props} />
  </ReactFlowProvider>
);
