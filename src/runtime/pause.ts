import type {Known} from './lookup.js';

export const isPaused = (_: Known): boolean => false;
