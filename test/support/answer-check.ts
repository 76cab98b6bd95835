import { compileCheck } from '../../src/domain/check.ts';
import type { Operation } from '../../src/domain/rest/route.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';
import { wireJson } from '../../src/domain/wire-json.ts';

const checks = new Map(ROUTES.map(({ operation, answer }) => [operation, compileCheck(answer, 'answer')]));

/** Throws an error that names the member of an answer that the route's schema does not allow. */
export function checkAnswer(operation: Operation, body: unknown): void {
  checks.get(operation)?.(JSON.parse(wireJson(body)));
}
