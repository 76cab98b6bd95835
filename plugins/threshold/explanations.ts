import type { Because } from '@ripe-iot/node-red-ripe/agent';

export const explanations = {
  en: {
    ready: 'Waits for a reading.',
    inactive: 'Switched off in the settings.',
    below: '{metric} {value} is below {limit}: runs for {seconds} s.',
    above: '{metric} {value} is above {limit}: runs for {seconds} s.',
    notBelow: '{metric} {value} is not below {limit}.',
    notAbove: '{metric} {value} is not above {limit}.',
    noValue: 'The reading holds no {metric}.',
    neverBelowZero: 'A limit of 0 never starts a run.',
    busy: 'A run is going on already.',
    coolingDown: 'Pauses for another {seconds} s after the last run.',
    notBack: '{metric} {value} has not been back to {needed} since the last run.',
    tooShort: 'A run of {seconds} s is too short: it takes more than 5 s.',
    forced: 'Switched on by hand for {seconds} s.',
    stopped: 'Switched off by hand.',
    nothingRuns: 'Switched off by hand, but nothing was running.',
    finished: 'The run is over.',
    cancelled: 'The run was ended early ({reason}).',
    refused: 'The run was refused ({reason}).',
    superseded: 'Another run has taken over.',
  },
  de: {
    ready: 'Wartet auf einen Messwert.',
    inactive: 'In den Einstellungen ausgeschaltet.',
    below: '{metric} {value} ist unter {limit}: läuft {seconds} s.',
    above: '{metric} {value} ist über {limit}: läuft {seconds} s.',
    notBelow: '{metric} {value} ist nicht unter {limit}.',
    notAbove: '{metric} {value} ist nicht über {limit}.',
    noValue: 'In der Messung fehlt: {metric}.',
    neverBelowZero: 'Mit Grenzwert 0 startet nichts.',
    busy: 'Es läuft schon.',
    coolingDown: 'Pausiert noch {seconds} s nach dem letzten Lauf.',
    notBack: '{metric} {value} war seit dem letzten Lauf noch nicht wieder bei {needed}.',
    tooShort: 'Ein Lauf von {seconds} s ist zu kurz: es müssen mehr als 5 s sein.',
    forced: 'Von Hand für {seconds} s eingeschaltet.',
    stopped: 'Von Hand ausgeschaltet.',
    nothingRuns: 'Von Hand ausgeschaltet, es lief aber nichts.',
    finished: 'Der Lauf ist zu Ende.',
    cancelled: 'Der Lauf wurde vorzeitig beendet ({reason}).',
    refused: 'Der Lauf wurde abgelehnt ({reason}).',
    superseded: 'Ein anderer Lauf hat übernommen.',
  },
} as const;

export function because(code: keyof typeof explanations.en, params?: Because['params']): Because {
  return params === undefined ? { code } : { code, params };
}
