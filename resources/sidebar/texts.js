const CATALOGUE = '@ripe-iot/node-red-ripe/ripe-sidebar';

export const text = (key, values) => RED._(`${CATALOGUE}:ripe-sidebar.${key}`, values);

const METRICS = {
  moisture: '%',
  temperature: '°C',
  humidity: '%',
  light: 'lx',
  conductivity: 'µS/cm',
  carbon: 'ppm',
  battery: '%',
};

const figure = (value) => new Intl.NumberFormat(RED.i18n.lang(), { maximumFractionDigits: 1 }).format(value);

/** What a reading says, the figures that are there, in a fixed order. */
export function metricsOf(reading) {
  if (reading === null) return [];
  const known = Object.entries(METRICS)
    .filter(([name]) => typeof reading[name] === 'number')
    .map(([name, unit]) => `${text(`metric.${name}`)} ${figure(reading[name])} ${unit}`);
  return [
    ...known,
    ...Object.entries(reading.extra ?? {}).map(([name, value]) => `${name} ${figure(value)}`),
  ];
}

/** `4:05`, `1:04:05`: a time that is left. */
export function timeLeft(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] > 0 ? parts : parts.slice(1);
  return shown.map((part, place) => (place === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

export function ago(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return text('ago.seconds', { n: seconds });
  if (seconds < 3600) return text('ago.minutes', { n: Math.round(seconds / 60) });
  if (seconds < 172_800) return text('ago.hours', { n: Math.round(seconds / 3600) });
  return text('ago.days', { n: Math.round(seconds / 86_400) });
}
