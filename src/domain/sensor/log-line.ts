import type { LocalTime } from '../time/local-time.ts';

const MAX_BYTES = 255;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Cuts a text to 255 bytes of UTF-8, at a character (protocol §7.3: cutting inside one killed the original).
 * NUL is left out: databases end or refuse a text there.
 */
export function cutLogText(line: string): string {
  const text = line.replaceAll('\0', '');
  const bytes = encoder.encode(text);
  if (bytes.length <= MAX_BYTES) return text;
  let end = MAX_BYTES;
  // A continuation byte (10xxxxxx) at the cut means that the character before it would be halved.
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return decoder.decode(bytes.subarray(0, end));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `[Mon DD HH:MM:SS YYYY] text` in a zone: English month, day padded with a blank (protocol §3, log). */
export function formatLogLine(local: LocalTime, text: string): string {
  const month = MONTHS[local.month - 1];
  const day = String(local.day).padStart(2, ' ');
  const time = [local.hour, local.minute, local.second].map((n) => String(n).padStart(2, '0')).join(':');
  return `[${month} ${day} ${time} ${String(local.year).padStart(4, '0')}] ${text}`;
}
