import { METRIC_UNITS, METRICS, type Metric } from '../reading/reading.ts';
import { type AgentFace, OFF, ON } from './agent-face.ts';
import {
  agentTopic,
  deviceId,
  RIPE_AVAILABILITY,
  sensorAvailability,
  sensorState,
  topicLevel,
} from './topics.ts';

/** What is announced of one sensor. */
export interface HomeDevice {
  readonly garden: string;
  readonly sensor: number;
  readonly name: string;
  /** Those that the sensor has ever sent. */
  readonly metrics: ReadonlySet<Metric>;
  readonly agents: readonly { readonly domain: string; readonly face: AgentFace }[];
  /** Seconds after which a metric that is not repeated counts as unknown. */
  readonly expireAfter: number;
}

type Component = Readonly<Record<string, unknown>> & { readonly platform: AgentFace['platform'] };

/** The JSON that Home Assistant makes a device of. */
export interface DiscoveryPayload {
  readonly device: Readonly<Record<string, unknown>>;
  readonly origin: Readonly<Record<string, unknown>>;
  readonly availability: readonly { readonly topic: string }[];
  readonly availability_mode: 'all';
  readonly components: Readonly<Record<string, Component | { readonly platform: string }>>;
}

/** Names of Home Assistant, which brings texts and icons for them. */
const DEVICE_CLASSES: Readonly<Record<Metric, string>> = {
  battery: 'battery',
  moisture: 'moisture',
  temperature: 'temperature',
  humidity: 'humidity',
  carbon: 'carbon_dioxide',
  conductivity: 'conductivity',
  light: 'illuminance',
};

/**
 * The discovery message of a device with all its components
 * (https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload). `gone`: components of before, by id, with
 * their platform, which are taken away by that.
 */
export function discoveryPayload(
  device: HomeDevice,
  gone: ReadonlyMap<string, string> = new Map(),
): DiscoveryPayload {
  const removed = Array.from(gone, ([id, platform]) => [id, { platform }] as const);
  return {
    device: {
      identifiers: [deviceId(device.garden, device.sensor)],
      name: device.name,
      manufacturer: 'RIPE',
      model: 'Sensor',
    },
    origin: { name: 'RIPE' },
    availability: [{ topic: RIPE_AVAILABILITY }, { topic: sensorAvailability(device.sensor) }],
    availability_mode: 'all',
    components: { ...Object.fromEntries(removed), ...components(device) },
  };
}

/** By their id within the device. */
export function components(device: HomeDevice): Record<string, Component> {
  const metrics = METRICS.filter((metric) => device.metrics.has(metric));
  return Object.fromEntries([
    ...metrics.map((metric) => [metric, metricComponent(device, metric)]),
    ...device.agents.map((agent) => [`agent_${topicLevel(agent.domain)}`, agentComponent(device, agent)]),
  ]);
}

/** Without a name: Home Assistant then names it by its device class, in the person's language. */
function metricComponent(device: HomeDevice, metric: Metric): Component {
  return {
    platform: 'sensor',
    unique_id: `${deviceId(device.garden, device.sensor)}_${metric}`,
    device_class: DEVICE_CLASSES[metric],
    state_class: 'measurement',
    unit_of_measurement: METRIC_UNITS[metric],
    state_topic: sensorState(device.sensor),
    value_template: `{{ value_json.${metric} }}`,
    expire_after: device.expireAfter,
    ...(metric === 'battery' ? { entity_category: 'diagnostic' } : {}),
  };
}

function agentComponent(device: HomeDevice, { domain, face }: HomeDevice['agents'][number]): Component {
  const common = {
    unique_id: `${deviceId(device.garden, device.sensor)}_agent_${topicLevel(domain)}`,
    name: shownName(domain),
    state_topic: agentTopic(device.sensor, domain, 'state'),
  };
  const commandTopic = agentTopic(device.sensor, domain, 'set');
  switch (face.platform) {
    case 'switch':
      return { platform: 'switch', ...common, command_topic: commandTopic, payload_on: ON, payload_off: OFF };
    case 'number':
      return { platform: 'number', ...common, command_topic: commandTopic, ...range(face) };
    case 'sensor':
      return { platform: 'sensor', ...common };
  }
}

function range({ lower, upper, scale }: Extract<AgentFace, { platform: 'number' }>): object {
  const percent = { step: 1, unit_of_measurement: '%' };
  return {
    min: lower * scale,
    max: upper * scale,
    mode: 'slider',
    ...(scale === 100 ? percent : { step: 0.001 }),
  };
}

/** What follows the sort prefix, as the app shows it (protocol §1). */
function shownName(domain: string): string {
  const name = domain.slice(domain.indexOf('_') + 1).trim();
  return name === '' ? domain : name;
}
