// The look of the page: dark or light, chosen by the user or taken from the system.
import { useSyncExternalStore } from "react";

function subscribe(notify) {
  const observer = new MutationObserver(notify);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}

const isDark = () => document.documentElement.classList.contains("dark");

/** True while the page is dark. */
export const useDark = () => useSyncExternalStore(subscribe, isDark, () => false);
