import { Json, quote } from './json';
import { Agent, serve } from './ripe';

export { ripe_abi, ripe_alloc, ripe_call, ripe_describe, ripe_free } from './ripe';

const DESCRIPTION = `{
  "name": "WaterInAssemblyScript", "version": "1.0.0", "apiVersion": 1, "neutral": 0,
  "limits": { "longestRunMs": 3600000 },
  "settings": {
    "limit": { "kind": "intSlider", "key": "01_limit", "label": { "en": "Water below", "de": "Gießen unter" },
      "unit": "%", "lower": 0, "upper": 100, "default": 30 },
    "runMs": { "kind": "timeSlider", "key": "02_run_ms", "label": { "en": "For", "de": "Dauer" },
      "unit": "ms", "lower": 10000, "upper": 610000, "steps": 60, "default": 60000 },
    "pauseMs": { "kind": "timeSlider", "key": "03_pause_ms", "label": { "en": "Pause", "de": "Pause" },
      "unit": "ms", "lower": 0, "upper": 86400000, "steps": 96, "default": 3600000 }
  },
  "explanations": {
    "en": {
      "ready": "Waits for a reading.", "unknown": "The reading holds no moisture.",
      "dry": "{moisture} % is below {limit} %.", "moist": "{moisture} % is moist enough.",
      "busy": "Water runs already.", "pause": "Pauses for another {seconds} s.",
      "byHand": "Switched on by hand for {seconds} s.", "offByHand": "Switched off by hand.",
      "ended": "The run is over."
    },
    "de": {
      "ready": "Wartet auf einen Messwert.", "unknown": "Die Messung enthält keine Feuchte.",
      "dry": "{moisture} % liegt unter {limit} %.", "moist": "{moisture} % ist feucht genug.",
      "busy": "Es läuft schon Wasser.", "pause": "Pausiert noch {seconds} s.",
      "byHand": "Von Hand für {seconds} s eingeschaltet.", "offByHand": "Von Hand ausgeschaltet.",
      "ended": "Der Lauf ist zu Ende."
    }
  }
}`;

class Settings {
  readonly limit: f64;
  readonly runMs: i64;
  readonly pauseMs: i64;

  constructor(settings: Json) {
    this.limit = settings.member('limit').number(30);
    this.runMs = settings.member('runMs').whole(60_000);
    this.pauseMs = settings.member('pauseMs').whole(3_600_000);
  }
}

class State {
  readonly runs: i32;
  readonly endedAt: i64;

  constructor(state: Json) {
    this.runs = <i32>state.member('runs').whole(0);
    this.endedAt = state.member('endedAt').whole(0);
  }
}

class Water extends Agent {
  describe(): string {
    return DESCRIPTION;
  }

  start(_settings: Json): string {
    return stateText(0, 0);
  }

  decide(event: Json, view: Json): string {
    const type = event.member('type').text();
    if (type == 'reading') return onReading(event.member('reading').member('moisture'), view);
    if (type == 'forced') return onCommand(event.member('payload').whole(0), view);
    if (type == 'jobEnded') return onJobEnded(event.member('job').member('endedAt').whole(0), view);
    return decision('', 'ready', '');
  }

  render(view: Json): string {
    const job = view.member('job');
    const state = job.isNull ? '"Ready"' : `{"Executing":${job.member('endsAt').whole(0)}}`;
    const limit = plain(new Settings(view.member('settings')).limit);
    const runs = new State(view.member('state')).runs;
    const rendered =
      view.member('locale').text() == 'de'
        ? `gießt unter ${limit} % · Läufe: ${runs}`
        : `waters below ${limit} % · runs: ${runs}`;
    return `{"decorator":{"TimePane":30},"state":${state},"rendered":${quote(rendered)}}`;
  }
}

serve(new Water());

function onReading(moisture: Json, view: Json): string {
  if (moisture.isNull) return decision('', 'unknown', '');
  if (!view.member('job').isNull) return decision('', 'busy', '');
  const settings = new Settings(view.member('settings'));
  const percent = moisture.number(100);
  if (percent >= settings.limit) return decision('', 'moist', `"moisture":${plain(percent)}`);
  const state = new State(view.member('state'));
  const pauseEnd = state.endedAt == 0 ? 0 : state.endedAt + settings.pauseMs;
  const now = view.member('now').whole(0);
  if (now < pauseEnd) return decision('', 'pause', seconds(pauseEnd - now));
  const figures = `"moisture":${plain(percent)},"limit":${plain(settings.limit)}`;
  return decision(runFor(settings.runMs, state), 'dry', figures);
}

/** The app's buttons: so many seconds on, or off. */
function onCommand(payload: i64, view: Json): string {
  if (payload > 0) {
    const run = runFor(payload * 1000, new State(view.member('state')));
    return decision(run, 'byHand', seconds(payload * 1000));
  }
  return decision(view.member('job').isNull ? '' : '"job":"cancel",', 'offByHand', '');
}

function onJobEnded(endedAt: i64, view: Json): string {
  const runs = new State(view.member('state')).runs;
  return decision(`"state":${stateText(runs, endedAt)},`, 'ended', '');
}

function decision(doing: string, code: string, params: string): string {
  return `{${doing}"because":{"code":"${code}","params":{${params}}}}`;
}

function runFor(ms: i64, state: State): string {
  const plan = `"job":{"steps":[{"set":1},{"wait":${ms}},{"set":0}]},`;
  return `${plan}"state":${stateText(state.runs + 1, state.endedAt)},`;
}

function stateText(runs: i32, endedAt: i64): string {
  return `{"runs":${runs},"endedAt":${endedAt}}`;
}

function seconds(ms: i64): string {
  return `"seconds":${(ms + 999) / 1000}`;
}

/** 30 rather than 30.0. */
function plain(value: f64): string {
  return value == Math.trunc(value) ? (<i64>value).toString() : value.toString();
}
