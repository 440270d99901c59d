// The progress page looks again every three seconds while a paper is being made. The header says
// that nobody is at the keyboard, so that an open page does not keep its person signed in.
const PAUSE = 3000;

async function lookAgain() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Autosave": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!answer.ok || !fresh) return;
    document.getElementById("progress").replaceWith(document.adoptNode(fresh));
    if ("busy" in fresh.dataset) setTimeout(lookAgain, PAUSE);
  } catch {
    setTimeout(lookAgain, PAUSE);
  }
}

setTimeout(lookAgain, PAUSE);
