// The table: AG Grid over blocks of rows from the server; every one of a million rows can be reached.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { AgGridProvider, AgGridReact } from "ag-grid-react";
import {
  CellApiModule,
  CellStyleModule,
  ColumnApiModule,
  CustomEditorModule,
  EventApiModule,
  InfiniteRowModelModule,
  LocaleModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  themeQuartz,
} from "ag-grid-community";
import { SelectAllHeader, isNumeric, rendererOf, textOf } from "./cells.jsx";
import { CellEditor, isEditable, sent } from "./editors.jsx";
import { countOf, post } from "./api.js";

const MODULES = [
  InfiniteRowModelModule,
  RowSelectionModule,
  ColumnApiModule,
  RowApiModule,
  ScrollApiModule,
  CellStyleModule,
  CustomEditorModule,
  LocaleModule,
  EventApiModule,
  CellApiModule,
  RenderApiModule,
  RowStyleModule,
];
const LOCALES = { de: () => import("@ag-grid-community/locale").then((module) => module.AG_GRID_LOCALE_DE) };
const PHONE = "(max-width:720px)";
const HEIGHTS = { normal: 36, compact: 28, phone: 52 };
const BESIDE = ["kind", "city", "segment_id", "at"]; // what stands beside or below the title
const SELECTION = "ag-Grid-SelectionColumn";
const COUNT_AFTER_MS = 300;
const WIDTHS = { name: 236, subject: 280, email: 220, tags: 200, customers: 220, moment: 160 };

// Every value is a CSS variable, so that dark mode and accent follow the app.
const THEME = themeQuartz.withParams({
  browserColorScheme: "inherit",
  fontFamily: "inherit",
  fontSize: 13,
  headerFontSize: 12,
  headerFontWeight: 500,
  headerHeight: 34,
  backgroundColor: "var(--c-surface)",
  foregroundColor: "var(--c-ink)",
  headerBackgroundColor: "var(--c-surface)",
  headerTextColor: "var(--c-ink-2)",
  borderColor: "var(--c-line)",
  rowHoverColor: "var(--c-hover)",
  selectedRowBackgroundColor: "var(--c-sel)",
  accentColor: "var(--accent-9)",
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  columnBorder: false,
  headerColumnBorder: false,
  headerRowBorder: true,
  rowBorder: { color: "var(--c-line-2)" },
  cellHorizontalPadding: 12,
  spacing: 6,
  headerColumnResizeHandleColor: "transparent",
  checkboxBorderRadius: 4,
  focusShadow: "0 0 0 2px var(--accent-a7)",
  cellEditingShadow: "none",
  pinnedColumnBorder: { color: "var(--c-line-2)" },
});

function usePhone() {
  const [phone, setPhone] = useState(() => window.matchMedia(PHONE).matches);
  useEffect(() => {
    const media = window.matchMedia(PHONE);
    const follow = () => setPhone(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  return phone;
}

function useLocaleText(language) {
  const [text, setText] = useState(undefined);
  useEffect(() => {
    if (LOCALES[language]) LOCALES[language]().then(setText);
    else setText(undefined);
  }, [language]);
  return text;
}

const columnsOnPhone = (columns) => {
  const second = ["status_id", "status"].map((name) => columns.find((one) => one.name === name)).find(Boolean);
  return [columns.find((one) => one.title), second ?? columns.find((one) => one.cell === "choice")].filter(Boolean);
};

function definition(column, layout, phone, language, currency) {
  const place = layout.find((one) => one.id === column.name);
  const numeric = isNumeric(column);
  const size = phone
    ? column.title
      ? { flex: 1 }
      : { width: 116 }
    : { initialWidth: place?.width || WIDTHS[column.name] || WIDTHS[column.cell] || 140, initialPinned: place?.pinned ?? null };
  return {
    colId: column.name,
    field: column.name,
    headerName: column.label,
    headerTooltip: column.help || undefined,
    minWidth: 70,
    ...size,
    sortable: column.sortable,
    editable: !phone && isEditable(column),
    cellEditor: CellEditor,
    cellRenderer: rendererOf(column),
    valueFormatter: ({ value }) => textOf(column, value, language, currency),
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    cellClass: numeric ? "cg-num" : undefined,
    headerClass: numeric ? "cg-num-h" : undefined,
    context: column,
  };
}

/** What is selected: ids, or everything the list finds but some. */
export const nothing = () => ({ mode: "ids", ids: new Set(), except: new Set() });

export function Grid(props) {
  const { entity, columns, layout, body, sort, density, language, currency, words, blockSize } = props;
  const api = useRef(null);
  const selection = useRef(nothing());
  const listeners = useRef(new Set());
  const total = useRef(0);
  const latest = useRef(props);
  latest.current = props;
  const phone = usePhone();
  const localeText = useLocaleText(language);
  const shown = useMemo(() => {
    const chosen = layout.map((one) => columns.find((column) => column.name === one.id)).filter(Boolean);
    return phone ? columnsOnPhone([...chosen, ...columns]) : chosen;
  }, [columns, layout.map((one) => one.id).join(), phone]);
  const definitions = useMemo(
    () => shown.map((column) => definition(column, layout, phone, language, currency)),
    [shown, JSON.stringify(layout), phone, language, currency],
  );
  const asked = JSON.stringify(body);
  const names = useMemo(() => {
    const also = columns.filter((column) => column.title || BESIDE.includes(column.name)).map((column) => column.name);
    return [...new Set([...shown.map((column) => column.name), ...also])];
  }, [shown, columns]);
  const question = useRef({});
  const key = JSON.stringify([asked, names]);
  if (question.current.key !== key) question.current = { key, body: { ...body, columns: names } };

  const tell = useCallback(() => {
    listeners.current.forEach((notify) => notify());
    const { mode, ids, except } = selection.current;
    const count = mode === "all" ? Math.max(0, total.current - except.size) : ids.size;
    latest.current.onSelect({ mode, ids: [...(mode === "all" ? except : ids)], count });
  }, []);

  const context = useMemo(
    () => ({
      entity,
      language,
      compact: phone,
      selection,
      words,
      subscribe: (notify) => {
        listeners.current.add(notify);
        return () => listeners.current.delete(notify);
      },
      selectAll: (on) => {
        selection.current = { ...nothing(), mode: on ? "all" : "ids" };
        api.current.forEachNode((node) => node.data && node.setSelected(on, false, "api"));
        tell();
      },
    }),
    [phone, entity, words, language],
  );

  const source = useMemo(
    () => ({
      getRows: async ({ startRow, endRow, sortModel, successCallback, failCallback }) => {
        const current = question.current;
        const sorted = sortModel.map(({ colId, sort: way }) => ({ colId, sort: way }));
        try {
          const page = await post(`/api/grid/${entity}`, { ...current.body, start: startRow, end: endRow, sort: sorted });
          if (current !== question.current) {
            failCallback(); // the answer to an older question
            return;
          }
          const rows = page.rows.map((row) => Object.fromEntries(page.cols.map((name, at) => [name, row[at]])));
          total.current = page.total;
          const last = page.exact ? page.total : rows.length < endRow - startRow ? startRow + rows.length : undefined;
          successCallback(rows, last);
          latest.current.onLoaded({ total: page.total, exact: page.exact });
          reselect(rows);
          if (!page.exact) countSoon(current);
        } catch (error) {
          failCallback();
          if (current === question.current) latest.current.onFailed(error);
        }
      },
    }),
    [entity],
  );

  /** Learn how long the list is once its rows are there, so that the scroll bar leads to every row. */
  function countSoon(current) {
    if (current.counted) return;
    current.counted = true;
    setTimeout(async () => {
      const asked = () => current === question.current && api.current && !api.current.isDestroyed();
      if (!asked()) return; // already another question
      const found = await countOf(entity, { ...current.body, columns: undefined }).catch(() => null);
      if (!found || !asked()) return; // the list stays usable without its number
      total.current = found.total;
      api.current.setRowCount(found.total, true);
      latest.current.onLoaded(found);
    }, COUNT_AFTER_MS);
  }

  function reselect(rows) {
    const { mode, ids, except } = selection.current;
    rows.forEach((row) => {
      const node = api.current?.getRowNode(String(row.id));
      const on = mode === "all" ? !except.has(row.id) : ids.has(row.id);
      if (node && node.isSelected() !== on) node.setSelected(on, false, "api");
    });
  }

  const firstQuestion = useRef(true);
  useEffect(() => {
    if (firstQuestion.current) {
      firstQuestion.current = false;
      return;
    }
    api.current?.ensureIndexVisible(0);
    api.current?.purgeInfiniteCache();
  }, [key]);

  const firstBody = useRef(true);
  useEffect(() => {
    if (firstBody.current) {
      firstBody.current = false;
      return;
    }
    selection.current = nothing();
    api.current?.deselectAll?.();
    tell();
  }, [asked]);

  const applied = useRef("");
  const applyLayout = useCallback(() => {
    if (phone || !api.current) return;
    const sorted = new Map(sort.map((word, index) => [word.replace(/^-/, ""), { sort: word.startsWith("-") ? "desc" : "asc", sortIndex: index }]));
    const state = layout.map(({ id, width, pinned }) => ({
      colId: id,
      ...(width && { width }),
      pinned: pinned ?? null,
      hide: false,
      sort: null,
      ...sorted.get(id),
    }));
    if (JSON.stringify(state) === applied.current) return;
    applied.current = JSON.stringify(state);
    api.current.applyColumnState({ state, applyOrder: true, defaultState: { sort: null } });
  }, [JSON.stringify(layout), sort.join(), phone]);
  useEffect(applyLayout, [applyLayout, definitions]);

  useEffect(() => {
    const listen = ({ detail }) => {
      if (!api.current) return;
      if (detail.op === "refresh") api.current.refreshInfiniteCache();
      if (detail.op === "clear") context.selectAll(false);
      if (detail.op === "restore") api.current.getRowNode(detail.id)?.setDataValue(detail.field, detail.value, "restore");
      if (detail.op === "focus") api.current.setFocusedCell(0, api.current.getAllDisplayedColumns().at(1));
    };
    window.addEventListener("c360:grid", listen);
    return () => window.removeEventListener("c360:grid", listen);
  }, [context]);

  const timer = useRef(0);
  function layoutChanged(event) {
    if (phone || event?.source === "api" || event?.finished === false) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const state = api.current.getColumnState().filter((one) => one.colId !== SELECTION && !one.hide);
      const next = state.map((one) => ({ id: one.colId, width: one.width, pinned: one.pinned || null }));
      const sorted = state.filter((one) => one.sort).sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0));
      latest.current.onLayout(next, sorted.map((one) => (one.sort === "desc" ? `-${one.colId}` : one.colId)));
    }, 150);
  }

  function rowSelected({ source: by, node }) {
    if (by === "api" || !node.data) return;
    const { mode, ids, except } = selection.current;
    const set = mode === "all" ? except : ids;
    if ((mode === "all") !== node.isSelected()) set.add(node.data.id);
    else set.delete(node.data.id);
  }

  function keyPressed({ event, data, colDef, rowIndex }) {
    if (!data || event.target.closest?.(".cg-edit")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || !colDef.editable)) {
      latest.current.onOpen(data, event.ctrlKey || event.metaKey ? "open" : "peek", rowIndex);
    }
  }

  function edited({ source: by, data, colDef, oldValue, newValue }) {
    if (by === "restore" || by === "api") return;
    const column = colDef.context;
    latest.current.onEdit({ id: data.id, field: column.name, value: sent(column, newValue), seen: sent(column, oldValue) });
  }

  const open = ({ data, colDef, rowIndex }) =>
    data && colDef.context?.title && latest.current.onOpen(data, phone ? "open" : "peek", rowIndex);

  return (
    <div className="cg">
      <AgGridProvider modules={MODULES}>
        <AgGridReact
          key={`${phone}|${density}|${blockSize}|${localeText ? language : "en"}`}
          theme={THEME}
          columnDefs={definitions}
          defaultColDef={{ resizable: true, suppressHeaderMenuButton: true }}
          localeText={localeText}
          rowHeight={phone ? HEIGHTS.phone : HEIGHTS[density]}
          scrollbarWidth={10}
          rowModelType="infinite"
          datasource={source}
          cacheBlockSize={blockSize}
          maxBlocksInCache={20}
          infiniteInitialRowCount={Math.max(blockSize, 25)}
          maxConcurrentDatasourceRequests={2}
          blockLoadDebounceMillis={40}
          rowBuffer={8}
          getRowId={({ data }) => String(data.id)}
          rowClassRules={{ "cg-wait": (row) => !row.data, "cg-open": (row) => row.data?.id === latest.current.peek }}
          context={context}
          animateRows={false}
          multiSortKey="ctrl"
          maintainColumnOrder
          suppressNoRowsOverlay
          stopEditingWhenCellsLoseFocus
          rowSelection={{ mode: "multiRow", checkboxes: true, headerCheckbox: false, enableClickSelection: false }}
          selectionColumnDef={{
            width: phone ? 40 : 44,
            pinned: "left",
            headerComponent: SelectAllHeader,
            resizable: false,
            sortable: false,
            suppressHeaderMenuButton: true,
          }}
          onGridReady={(event) => {
            api.current = event.api;
            event.api.setGridAriaProperty("label", words.grid);
            applied.current = "";
            applyLayout();
          }}
          onRowSelected={rowSelected}
          onSelectionChanged={({ source: by }) => by !== "api" && tell()}
          onCellClicked={open}
          onCellDoubleClicked={({ data, colDef, rowIndex }) => data && !colDef.editable && latest.current.onOpen(data, "open", rowIndex)}
          onCellKeyDown={keyPressed}
          onCellValueChanged={edited}
          onSortChanged={layoutChanged}
          onColumnMoved={layoutChanged}
          onColumnResized={layoutChanged}
          onColumnPinned={layoutChanged}
        />
      </AgGridProvider>
    </div>
  );
}
