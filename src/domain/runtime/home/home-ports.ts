/** A message for Home Assistant. All are retained: who starts later needs them, too. */
export interface HomeAnnouncement {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: true;
}

/** Everything that Home Assistant needs of its surroundings. */
export interface HomeAssistantPorts {
  /** The discovery prefix, `homeassistant` unless Home Assistant has another one. */
  readonly prefix: string;
  /** How long a sensor may be silent until it, and what it measured, counts as unavailable. */
  readonly silentMs: number;
  /** The id of the garden, once it is known. */
  garden(): string;
  isConnected(): boolean;
  publish(announcement: HomeAnnouncement): void;
}
