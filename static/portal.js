/* The portal's own script: saving what is typed, warning before sign-out, guarding unsaved words.
   Everything works without it; no page may depend on it. */

const SAVE_AFTER = 1500; // ms after the last keystroke
const RETRY_AFTER = 15000; // ms after a save that did not reach us
const WARN_BEFORE = 120; // seconds before the session ends
const NOT_SAVED = "Not saved – check your connection. Your words are still on this page.";
const SESSION_KEY = "portal-session-ends";

/* Counts as the server counts: words are runs of anything but white space, a line break is one
   character, and so is any letter or emoji the server holds as one. */
export function count(text, { config }) {
  return config.countType === "words" ? (text.match(/[\S\ufeff]+/gu) || []).length : [...text].length;
}

export function start(nhsuk) {
  nhsuk.initAll({ characterCount: { countFunction: count } });
  const autosaves = [...document.querySelectorAll("form[data-autosave-url]")].map(autosave);
  window.addEventListener("beforeunload", (event) => {
    if (autosaves.some((one) => one.isUnsaved())) event.preventDefault();
  });
  if (document.body.dataset.sessionSeconds) watchSession();
}

function token(page = document) {
  return page.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
}

async function post(url, body, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", ...headers },
    // Lets the last save outlive the page; browsers allow it 64 KiB, so only then.
    keepalive: document.visibilityState === "hidden",
  });
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  const answer = isJson ? await response.json() : {};
  // A redirect is the sign-in page, whatever its status.
  if (!response.ok || response.redirected) throw new Refused(answer.message || "");
  return answer;
}

/* The server's no; its message, where it gives one, says more than "check your connection". */
class Refused extends Error {}

/* After signing in again in another tab the tokens of this page no longer hold: fetch new ones. */
async function renewTokens() {
  const response = await fetch(window.location.href, { credentials: "same-origin" });
  const fresh = token(new DOMParser().parseFromString(await response.text(), "text/html"));
  if (!fresh) return;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = fresh;
}

function autosave(form) {
  const status = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
  let sequence = Date.now();
  let timer = 0;
  let typed = 0; // how often something changed, and how much of that is with the server
  let saved = 0;
  let leaving = false;

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };

  function send() {
    clearTimeout(timer);
    if (saved === typed || leaving) return;
    const sent = typed;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    sequence = Math.max(sequence + 1, Date.now()); // later typing wins, in whichever tab it is
    body.set("sequence", String(sequence));
    // Typing kept is not activity: the session still ends when nobody asks for a page.
    post(form.dataset.autosaveUrl, body, { "X-Autosave": "1" })
      .then((answer) => {
        saved = Math.max(saved, sent);
        if (saved === typed) show(`Draft saved at ${answer.saved_at || clock()}`);
      })
      .catch((error) => {
        const reason = (error instanceof Refused && error.message) || NOT_SAVED;
        // One announcement for a run of failures: one for each would shout.
        if (status?.querySelector("[role=alert]")?.textContent !== reason) show(reason, true);
        if (reason === NOT_SAVED) later(RETRY_AFTER);
      });
  }

  function show(text, failed = false) {
    if (!status) return;
    status.classList.toggle("portal-autosave--failed", failed);
    if (!failed) {
      status.textContent = text;
      return;
    }
    const alert = document.createElement("span");
    alert.setAttribute("role", "alert");
    status.replaceChildren(alert);
    alert.textContent = text;
  }

  const changed = () => {
    typed += 1;
    later(SAVE_AFTER);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
  });
  return { isUnsaved: () => saved !== typed && !leaving };
}

function clock() {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/London",
  }).format(new Date());
}

function watchSession() {
  const dialog = document.getElementById("session-warning");
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const title = dialog.querySelector("h2");
  const words = dialog.querySelector("#session-warning-text");
  const soonTitle = title.textContent;
  const soonWords = words.innerHTML;
  let ends = 0;
  let stage = "";

  function remember() {
    ends = Date.now() + Number(document.body.dataset.sessionSeconds) * 1000;
    // Other tabs share the session: a page opened there keeps this one alive too.
    try {
      localStorage.setItem(SESSION_KEY, String(ends));
    } catch {
      // Storage may be off; each tab then counts for itself.
    }
  }

  function tick() {
    const left = Math.round((ends - Date.now()) / 1000);
    const next = left > WARN_BEFORE ? "on" : left > 0 ? "soon" : "over";
    // The dialog opens once a stage: who closes it with Escape is not asked again every second.
    if (next !== stage) enter(next);
    if (next === "soon") {
      part("left").textContent = left > 60 ? "2 minutes" : left > 30 ? "1 minute" : "less than 30 seconds";
    }
  }

  function enter(next) {
    const wasOver = stage === "over";
    stage = next;
    title.textContent = next === "over" ? "You have been signed out" : soonTitle;
    if (next === "over") {
      words.textContent =
        "What you have typed is still on this page. Sign in again in a new tab, then come back here and save.";
    } else {
      words.innerHTML = soonWords;
    }
    part("problem").textContent = "";
    part("extend").hidden = next === "over";
    part("sign-in").hidden = next !== "over";
    part("close").hidden = next !== "over";
    if (next === "on") {
      dialog.close();
      if (wasOver) renewTokens();
    } else if (!dialog.open) {
      dialog.showModal();
    }
  }

  part("extend").addEventListener("click", async () => {
    try {
      await post(document.body.dataset.sessionExtendUrl, new FormData());
      remember();
      tick();
    } catch {
      part("problem").textContent =
        "We could not keep you signed in – check your connection and try again.";
    }
  });
  part("close").addEventListener("click", () => dialog.close());
  window.addEventListener("storage", (event) => {
    if (event.key === SESSION_KEY && event.newValue) {
      ends = Number(event.newValue);
      tick();
    }
  });
  remember();
  tick();
  setInterval(tick, 1000);
}
