export { limitsOf } from '../../domain/limits.ts';
