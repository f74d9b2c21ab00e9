// When the socket closes because the session is over, leave for the sign-in page; a network fault stays here, and too
// many open tabs are told to the page.
(() => {
  const leave = () =>
    location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch("/auth/alive", { cache: "no-store" });
      if (answer.status === 401) leave();
      else window.dispatchEvent(new CustomEvent("c360:full", { detail: (await answer.json()).full }));
    } catch {
      // Offline: the app says so itself and comes back on its own.
    } finally {
      asking = false;
    }
  };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", ask);
    }
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  window.addEventListener("pageshow", (event) => event.persisted && ask());
})();
