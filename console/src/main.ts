/** The dashboard: takes the access from the address, then asks the orbiter every few seconds and shows it. */
import { AccessError, keepAccess, takeAccess, type Access } from './access';
import { element } from './element';
import { beginning, PERIODS, type Period } from './period';
import { describeProblem } from './problem';
import { createReader, type Reader } from './reader';
import { startRefresh, type Refresh } from './refresh';
import { showProblem, showReport, showStatus, showSubject, showWelcome } from './view';

/** Milliseconds from one answer to the next question. */
const INTERVAL = 2_500;

let period: Period = PERIODS[0];
let refresh: Refresh | undefined;

const buildPeriods = (): void => {
  const buttons = PERIODS.map((choice) => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = 'period';
    input.checked = choice === period;
    input.addEventListener('change', () => {
      period = choice;
      refresh?.now();
    });
    label.append(input, choice.label);
    return label;
  });
  element('periods').append(...buttons);
};

const watch = (access: Access): void => {
  showSubject(access);
  // Made anew after a failure: a network that was started again has other keys.
  let reader: Promise<Reader> | undefined;
  refresh = startRefresh({
    ask: async () => {
      reader ??= createReader(access, location);
      return (await reader)(beginning(period, Date.now()));
    },
    onAnswer: (report) => {
      showProblem(null);
      showStatus('live');
      showReport(report);
    },
    onFailure: (error) => {
      reader = undefined;
      showProblem(describeProblem(error));
      showStatus('stale');
    },
    onPause: () => {
      showStatus('paused');
    },
    interval: INTERVAL,
  });
};

const askForLink = (): void => {
  showWelcome();
  const field = element('link') as HTMLInputElement;
  element('link-form').addEventListener('submit', (event) => {
    event.preventDefault();
    try {
      watch(keepAccess(field.value));
      showProblem(null);
    } catch (error) {
      showProblem(describeProblem(error));
      field.focus();
    }
  });
};

const enableCopy = (): void => {
  const button = element('copy');
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(element('snippet').textContent).then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Select and copy by hand'),
    );
  });
};

const start = (): void => {
  buildPeriods();
  enableCopy();
  try {
    const access = takeAccess();
    if (access) watch(access);
    else askForLink();
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    showProblem(describeProblem(error));
    askForLink();
  }
};

start();
// Pasting a link into the address bar of an open dashboard changes the fragment only and loads nothing.
addEventListener('hashchange', () => {
  location.reload();
});
