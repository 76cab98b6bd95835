import type { Because } from '@ripe-iot/node-red-ripe/agent';

export const explanations = {
  en: {
    inactive: 'Switched off in the settings.',
    alwaysOn: 'The window is 24 h long: always on.',
    open: 'The window is open until {until}.',
    closed: 'No window is open.',
    forced: 'Switched on by hand until {until}.',
    stopped: 'Switched off by hand until {until}.',
    alreadyOn: 'Switched on by hand, but the window is open already.',
    alreadyOff: 'Switched off by hand, but it is off already.',
    noTime: 'Switched off by hand for 0 s: nothing changes.',
    unaffected: 'Readings change nothing: the clock decides.',
    ended: 'The run is over.',
    cancelled: 'The run was ended early ({reason}); the next window starts another one.',
    refused: 'The run was refused ({reason}); the next window starts another one.',
    superseded: 'Another run has taken over.',
  },
  de: {
    inactive: 'In den Einstellungen ausgeschaltet.',
    alwaysOn: 'Das Zeitfenster ist 24 h lang: immer an.',
    open: 'Das Zeitfenster ist bis {until} offen.',
    closed: 'Kein Zeitfenster ist offen.',
    forced: 'Von Hand eingeschaltet bis {until}.',
    stopped: 'Von Hand ausgeschaltet bis {until}.',
    alreadyOn: 'Von Hand eingeschaltet, das Zeitfenster ist aber schon offen.',
    alreadyOff: 'Von Hand ausgeschaltet, es ist aber schon aus.',
    noTime: 'Von Hand für 0 s ausgeschaltet: nichts ändert sich.',
    unaffected: 'Messwerte ändern nichts: die Uhr entscheidet.',
    ended: 'Der Lauf ist zu Ende.',
    cancelled: 'Der Lauf wurde vorzeitig beendet ({reason}); das nächste Zeitfenster startet wieder einen.',
    refused: 'Der Lauf wurde abgelehnt ({reason}); das nächste Zeitfenster startet wieder einen.',
    superseded: 'Ein anderer Lauf hat übernommen.',
  },
} as const;

export function because(code: keyof typeof explanations.en, params?: Because['params']): Because {
  return params === undefined ? { code } : { code, params };
}

/** A moment in a reason: decisions are read in any zone, so it is named in UTC. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
