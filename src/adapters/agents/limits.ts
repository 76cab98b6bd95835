export { limitsOf } from '../../domain/job/limits.ts';
