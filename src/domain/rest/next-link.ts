import { type Cursor, formatCursor } from '../paging.ts';
import { formatDate } from '../time/dates.ts';
import type { ApiRequest } from './request.ts';

/**
 * The header that leads to the next page (RFC 8288), relative to the address that was asked; no header on the last page.
 */
export function nextLink(
  { range, resolution, page }: ApiRequest,
  next: Cursor | null,
): Record<string, string> {
  if (next === null || range === undefined || page === undefined) return {};
  const query = new URLSearchParams({
    from: formatDate(range.from),
    until: formatDate(range.until),
    ...(resolution === undefined ? {} : { resolution }),
    limit: String(page.limit),
    cursor: formatCursor(next),
  });
  return { link: `<?${query}>; rel="next"` };
}
