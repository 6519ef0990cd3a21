/** Shows every report that leaves the page, as it is: the demo hides nothing. */

type Outcome = 'sending' | 'stored' | 'failed';

const WORDS: Record<Outcome, string> = { sending: 'sending…', stored: 'stored', failed: 'failed' };

/** Adds a line for a report; returns what tells its outcome. */
const addLine = (list: HTMLElement, name: string, body: string): ((outcome: Outcome) => void) => {
  const line = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const [label, state] = [document.createElement('span'), document.createElement('span')];
  label.textContent = name;
  const text = document.createElement('pre');
  const code = document.createElement('code');
  code.textContent = body;
  text.append(code);
  summary.append(label, state);
  details.append(summary, text);
  line.append(details);
  list.prepend(line);
  const tell = (outcome: Outcome): void => {
    state.dataset.outcome = outcome;
    state.textContent = WORDS[outcome];
  };
  tell('sending');
  return tell;
};

/** What a report is about, in a few words. */
const nameOf = (body: string): string => {
  const { page_view, track_event } = JSON.parse(body) as {
    page_view?: { href: string };
    track_event?: { name: string };
  };
  if (page_view) return `View of ${new URL(page_view.href).pathname}`;
  return `Event “${track_event?.name ?? ''}”`;
};

/** Lists in `list` what the page posts from now on. Posts go out unchanged. */
export const startLog = (list: HTMLElement): void => {
  const send = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const body = init?.body;
    if (typeof body !== 'string') return send(input, init);
    const tell = addLine(list, nameOf(body), JSON.stringify(JSON.parse(body), null, 2));
    try {
      const response = await send(input, init);
      tell(response.ok ? 'stored' : 'failed');
      return response;
    } catch (error) {
      tell('failed');
      throw error;
    }
  };
};
