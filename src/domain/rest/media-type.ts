/** Whether an Accept header asks for CSV rather than JSON: it is named, and weighs no less than JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const weights = new Map(accept.split(',', 32).map(weighed));
  const csv = weights.get('text/csv') ?? 0;
  const json = weights.get('application/json') ?? 0;
  return csv > 0 && csv >= json;
}

function weighed(range: string): [string, number] {
  const [type = '', ...params] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = Number(params.find((param) => param.startsWith('q='))?.slice(2) ?? 1);
  return [type, Number.isNaN(weight) ? 0 : weight];
}
