import { computed, reactive, ref, shallowRef } from 'vue';
import { agentPath, type GardenClient, Refusal } from '../data/garden-client.ts';
import type { Control, SettingValue, WhatIfVersion } from '../data/shapes.ts';
import { isSame } from './setting-value.ts';
import type { Asked, WhatIfAnswer } from './what-if-text.ts';

const DAYS = 14;

/** The settings, and the version, that somebody tries an agent with, and what came of it. Nothing of it is saved. */
export function useWhatIf(client: GardenClient, { sensor, domain }: { sensor: number; domain: string }) {
  const path = agentPath(sensor, domain, '/what-if');
  /** The one that decides comes first. */
  const versions = shallowRef<readonly WhatIfVersion[]>([]);
  const version = ref('');
  /** What differs from the settings that the agent has; of another version only what that has, too. */
  const changes = reactive<Record<string, SettingValue>>({});
  const answer = shallowRef<WhatIfAnswer | null>(null);
  const asked = shallowRef<Asked>({ version: null, settings: [], days: DAYS });
  const isAsking = ref(false);
  const failure = ref('');
  /** Nobody knows what else a flow does when it is asked. */
  const isOfWires = ref(false);

  const form = computed(() => versions.value.find((each) => each.version === version.value) ?? null);
  const controls = computed<readonly (readonly [name: string, control: Control])[]>(() =>
    Object.entries(form.value?.controls ?? {}).sort(([, a], [, b]) => (a.key < b.key ? -1 : 1)),
  );

  async function load(): Promise<void> {
    try {
      versions.value = await client.get<WhatIfVersion[]>(path);
      version.value = versions.value[0]?.version ?? '';
    } catch (error) {
      isOfWires.value = error instanceof Refusal && error.code === 'RIPE_WHAT_IF_TYPE';
      failure.value = (error as Error).message;
    }
  }

  function shownOf(name: string): SettingValue {
    return changes[name] ?? (form.value?.settings[name] as SettingValue);
  }

  function change(name: string, value: SettingValue): void {
    const current = form.value?.settings[name];
    if (current !== undefined && isSame(current, value)) delete changes[name];
    else changes[name] = value;
  }

  function reset(): void {
    for (const name of Object.keys(changes)) delete changes[name];
    version.value = versions.value[0]?.version ?? '';
    answer.value = null;
    failure.value = '';
  }

  async function ask(): Promise<void> {
    isAsking.value = true;
    failure.value = '';
    const settings = controls.value.flatMap(([name, control]) => {
      const value = changes[name];
      return value === undefined ? [] : [{ name, control, value }];
    });
    const isOther = version.value !== versions.value[0]?.version;
    try {
      answer.value = await client.ask<WhatIfAnswer>('POST', path, {
        version: version.value,
        settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
        days: DAYS,
      });
      asked.value = { version: isOther ? version.value : null, settings, days: DAYS };
    } catch (error) {
      answer.value = null;
      failure.value = (error as Error).message;
    } finally {
      isAsking.value = false;
    }
  }

  void load();
  return {
    days: DAYS,
    versions,
    version,
    form,
    controls,
    shownOf,
    change,
    reset,
    ask,
    answer,
    asked,
    isAsking,
    failure,
    isOfWires,
  };
}
