import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['2xs', 'xs', 'sm', 'base', 'lg', 'xl', '2xl'] }] } },
});

/** Joins class names; of two that set the same property the later one stays. */
export const cx = (...classes: readonly ClassValue[]): string => merge(clsx(classes));
