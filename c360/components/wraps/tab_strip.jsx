// TabStrip: a row of tabs that scrolls sideways when it is too long. The tab shown is brought into view, and an edge
// fades where more tabs wait beyond it.
import { useEffect, useRef } from "react";

export function TabStrip({ current, label, className = "ptabs", children }) {
  const strip = useRef(null);

  useEffect(() => {
    const { current: nav } = strip;
    function fade() {
      const hidden = nav.scrollWidth - nav.clientWidth;
      nav.toggleAttribute("data-before", nav.scrollLeft > 1);
      nav.toggleAttribute("data-after", nav.scrollLeft < hidden - 1);
    }
    const resized = new ResizeObserver(fade);
    resized.observe(nav);
    nav.addEventListener("scroll", fade, { passive: true });
    fade();
    return () => {
      resized.disconnect();
      nav.removeEventListener("scroll", fade);
    };
  }, []);

  useEffect(() => {
    const { current: nav } = strip;
    const shown = nav.querySelector("[aria-current=page]");
    if (shown) nav.scrollLeft = shown.offsetLeft - (nav.clientWidth - shown.offsetWidth) / 2;
  }, [current, children]);

  return (
    <nav ref={strip} className={`strip ${className}`} aria-label={label}>
      {children}
    </nav>
  );
}
