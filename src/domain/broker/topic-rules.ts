import { MASTER_TOPIC, parseSensorTopic, SENSOR_HEARS } from './topics.ts';

const LONGEST_FILTER = 65_535;
const encoder = new TextEncoder();

/**
 * Whether everything that a filter (or a topic) matches is matched by the rule, too [MQTT3 4.7]: `sensor/data/#` covers
 * `sensor/data/+/+`, and not the other way round. Neither `+` nor `#` at the beginning covers what starts with `$`.
 */
export function covers(rule: string, filter: string): boolean {
  if (filter.startsWith('$') && !rule.startsWith('$')) return false;
  const allowed = rule.split('/');
  const wanted = filter.split('/');
  for (const [index, level] of allowed.entries()) {
    if (level === '#') return true;
    const asked = wanted[index];
    if (asked === undefined || asked === '#') return false;
    if (level !== '+' && level !== asked) return false;
  }
  return allowed.length === wanted.length;
}

/** What only RIPE says, whatever a rule allows: commands, the word of the master, and what is the broker's own. */
export function isRipesOwn(topic: string): boolean {
  if (topic === MASTER_TOPIC || topic === 'ripe/epoch' || topic.startsWith('$')) return true;
  const channel = parseSensorTopic(topic)?.channel;
  return channel !== undefined && (SENSOR_HEARS as readonly string[]).includes(channel);
}

/** A filter as MQTT wants it: `+` and `#` are whole levels, `#` the last one [MQTT5 4.7.1], in 65,535 bytes [4.7.3]. */
export function isFilter(text: string): boolean {
  if (text === '' || text.includes('\0') || encoder.encode(text).length > LONGEST_FILTER) return false;
  const levels = text.split('/');
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1;
    return level === '+' || !/[+#]/.test(level);
  });
}
