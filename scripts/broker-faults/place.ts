import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IClientOptions } from 'mqtt';
import type { BrokerDefinition } from '../../src/adapters/mqtt/address/broker-address.ts';
import { type Certificate, type Certificates, makeCertificates } from '../../test/support/certificates.ts';
import { freePort } from '../../test/support/free-port.ts';
import { type Login, MosquittoProcess } from '../../test/support/mosquitto.ts';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.ts';

const PLAIN = ['persistence false', 'max_queued_messages 100000'];

/** One mosquitto behind a proxy; faults may start it anew as another one, at the same port. */
export class Place {
  readonly name: string;
  readonly isSecure: boolean;
  readonly #login: Login = { username: 'ripe', password: 'first' };
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'ripe-faults-'));
  #certificates: Certificates | null = null;
  #port = 0;
  #mosquitto: MosquittoProcess;
  #proxy: TcpProxy | null = null;

  constructor(name: string, isSecure = false) {
    this.name = name;
    this.isSecure = isSecure;
    this.#mosquitto = this.#make(this.#login, PLAIN);
  }

  get mosquitto(): MosquittoProcess {
    return this.#mosquitto;
  }

  get proxy(): TcpProxy {
    if (this.#proxy === null) throw new Error(`${this.name} is not open`);
    return this.#proxy;
  }

  async open(): Promise<void> {
    this.#port = await freePort();
    if (this.isSecure) this.#certificates = makeCertificates();
    this.#mosquitto = this.#make(
      this.#login,
      this.#settings((all) => all.good),
    );
    await this.#mosquitto.start();
    this.#proxy = await startTcpProxy(() => this.#port);
  }

  async close(): Promise<void> {
    await this.#proxy?.close();
    await this.#mosquitto.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts it anew with another password than RIPE knows. */
  changeCredentials(): Promise<void> {
    return this.#replace(
      { ...this.#login, password: 'second' },
      this.#settings((all) => all.good),
    );
  }

  /** Starts it anew with a certificate that has expired. */
  expireCertificate(): Promise<void> {
    return this.#replace(
      this.#login,
      this.#settings((all) => all.expired),
    );
  }

  /** As it was in the beginning. */
  async mend(): Promise<void> {
    this.#mosquitto.thaw();
    await this.#replace(
      this.#login,
      this.#settings((all) => all.good),
    );
    await this.proxy.listen();
    this.proxy.heal();
  }

  /** How RIPE reaches it. */
  get definition(): BrokerDefinition {
    const internal = () =>
      ({
        scheme: this.isSecure ? 'mqtts' : 'mqtt',
        host: '127.0.0.1',
        port: this.proxy.port,
        ...this.#login,
        ...(this.#certificates === null ? {} : { ca: this.#certificates.ca }),
      }) as const;
    return { name: this.name, internal, external: [], protocol: 'auto', persistent: true };
  }

  /** How a sensor reaches it: past the proxy, whose faults are RIPE's alone. */
  get clientOptions(): IClientOptions {
    return {
      protocol: this.isSecure ? 'mqtts' : 'mqtt',
      host: '127.0.0.1',
      port: this.#port,
      protocolVersion: 4,
      keepalive: 5,
      ...this.#login,
      ...(this.#certificates === null ? {} : { ca: this.#certificates.ca }),
    };
  }

  async #replace(login: Login, settings: string[]): Promise<void> {
    await this.#mosquitto.kill();
    await this.#mosquitto.dispose();
    this.#mosquitto = this.#make(login, settings);
    await this.#mosquitto.start();
  }

  #make(login: Login, settings: readonly string[]): MosquittoProcess {
    const mosquitto = new MosquittoProcess(login, settings);
    mosquitto.port = this.#port;
    return mosquitto;
  }

  #settings(choose: (all: Certificates) => Certificate): string[] {
    if (this.#certificates === null) return PLAIN;
    const { cert, key } = choose(this.#certificates);
    const write = (name: string, text: string): string => {
      const file = path.join(this.#folder, name);
      writeFileSync(file, text);
      return file;
    };
    return [...PLAIN, `certfile ${write('cert.pem', cert)}`, `keyfile ${write('key.pem', key)}`];
  }
}
