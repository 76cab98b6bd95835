import type { VirtualItem } from '@tanstack/vue-virtual';
import { computed, type InjectionKey, inject, type Ref, reactive, ref, watch } from 'vue';
import type { GardenClient } from '../data/garden-client.ts';
import type { GardenStore } from '../data/garden-store.ts';
import { Format, type Language } from '../words/format.ts';
import { de } from '../words/texts-de.ts';
import { en, type Texts } from '../words/texts-en.ts';

export type Theme = 'auto' | 'light' | 'dark';
/** What is shown: the overview, a sensor, or how to add one. */
export type View =
  | { readonly name: 'garden' }
  | { readonly name: 'add' }
  | { readonly name: 'sensor'; readonly id: number };

/** What this browser's user has chosen; remembered in the browser. */
export interface Preferences {
  language: Language;
  theme: Theme;
}

/** How somebody looks at the overview: it is as it was for who comes back from a sensor. */
export interface Outlook {
  search: string;
  order: 'need' | 'name';
  /** How far it was scrolled, in px, and how high its rows were. */
  top: number;
  heights: VirtualItem[];
}

export interface GardenContext {
  readonly client: GardenClient;
  readonly store: GardenStore;
  readonly preferences: Preferences;
  readonly words: Ref<Texts>;
  readonly format: Ref<Format>;
  /** ms UTC, ticking by the second. */
  readonly now: Ref<number>;
  readonly isDark: Ref<boolean>;
  readonly outlook: Outlook;
  go(view: View): void;
}

export const GARDEN: InjectionKey<GardenContext> = Symbol('garden');

export function useGarden(): GardenContext {
  const context = inject(GARDEN);
  if (context === undefined) throw new Error('outside of a garden');
  return context;
}

const STORAGE_KEY = 'ripe-dashboard';

export function usePreferences(): Preferences {
  const language: Language = navigator.language.startsWith('de') ? 'de' : 'en';
  const preferences = reactive<Preferences>({ language, theme: 'auto', ...remembered() });
  watch(preferences, () => {
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
    } catch {
      // A browser that remembers nothing: then it is for this visit.
    }
  });
  return preferences;
}

function remembered(): Partial<Preferences> {
  try {
    const { language, theme } = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Preferences>;
    return {
      ...(language === 'en' || language === 'de' ? { language } : {}),
      ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    };
  } catch {
    return {};
  }
}

export function useWords(preferences: Preferences) {
  return {
    words: computed(() => (preferences.language === 'de' ? de : en)),
    format: computed(() => new Format(preferences.language, regionOf(preferences.language))),
  };
}

/** The language as the device's owner writes it: `en-GB` has other dates than `en-US`. */
function regionOf(language: Language): string {
  return navigator.languages.find((each) => each.split('-')[0] === language) ?? language;
}

/** Whether colours are to be dark: as chosen, else as the device says. */
export function useDark(preferences: Preferences): Ref<boolean> {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const device = ref(query.matches);
  query.addEventListener('change', ({ matches }) => {
    device.value = matches;
  });
  return computed(() => (preferences.theme === 'auto' ? device.value : preferences.theme === 'dark'));
}
