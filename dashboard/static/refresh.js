// Refreshes the page by itself: every minute it asks for the same address and puts the new content in the place of the
// old. It keeps still while somebody reads something that was unfolded, types, has marked text, or looks elsewhere; a
// page without it shows the same. Written for this project; no library.
"use strict";
(() => {
  const seconds = Number(document.body.dataset.refresh || 0);
  if (!seconds) return;

  const busy = () => {
    const active = document.activeElement;
    const typing = active && active.matches("input, select, textarea");
    return document.hidden || typing || document.querySelector("details[open]") || String(getSelection());
  };

  const refresh = async () => {
    if (busy()) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok || busy()) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const place of ["main", "footer .fresh"]) {
        const now = document.querySelector(place), then = fresh.querySelector(place);
        if (now && then && now.innerHTML !== then.innerHTML) {
          const focused = document.activeElement && document.activeElement.getAttribute("href");
          now.replaceChildren(...then.childNodes);
          if (focused && !document.contains(document.activeElement.closest("a")))
            document.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
        }
      }
    } catch {
      // the server is away; the next minute tries again, and the time at the foot of the page stays as it is
    }
  };
  setInterval(refresh, seconds * 1000);
})();
