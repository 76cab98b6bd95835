/** A login of its own at the embedded broker, beside RIPE's and those of sensors and the app. */
export interface Account {
  readonly username: string;
  readonly password: string;
  /** A topic, or a filter to subscribe to. */
  mayReceive(topic: string): boolean;
  mayPublish(topic: string): boolean;
}
