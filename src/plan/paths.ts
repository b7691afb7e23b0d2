import {resolve} from 'node:path/posix';
import {checkPath} from '../parse/path.js';

/** A host path of the request: absolute and clean, relative to the caller's working directory. */
export const hostPath = ({cwd}: {cwd: string}, path: string): string => resolve('/', cwd, checkPath(path));
