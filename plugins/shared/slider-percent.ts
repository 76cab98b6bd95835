/**
 * The percentage of a slider's command (slider value × 1000): divided by 10 and cut towards zero, so that -5 is 0.
 * Null where it is not within 0 to 100 (protocol §6.3).
 */
export function sliderPercent(payload: number): number | null {
  const percent = Math.trunc(payload / 10);
  // Adding 0 makes a plain 0 of -0, which JSON would keep apart from the state that is stored.
  return percent >= 0 && percent <= 100 ? percent + 0 : null;
}
