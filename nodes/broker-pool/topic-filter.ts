/** Whether MQTT takes this to subscribe to: `+` is a whole level, `#` the whole rest [MQTT5 4.7.1]. */
export function isTopicFilter(text: string): boolean {
  if (text === '' || text.includes('\0') || Buffer.byteLength(text) > 65_535) return false;
  const levels = text.split('/');
  return levels.every((level, index) => {
    if (level === '+') return true;
    if (level === '#') return index === levels.length - 1;
    return !/[+#]/.test(level);
  });
}
