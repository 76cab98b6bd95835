/** The answer to a REST request. */
export interface Reply {
  readonly status: number;
  /** JSON, or the text that `type` says. */
  readonly body: unknown;
  /** The content type of a body that is no JSON. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Set where the answer is a stream of the events of this sensor, without an end. */
  readonly streamOf?: number;
}

/** An answer that says more than its body: another status than 200, headers, or a body that is no JSON. */
class FullReply implements Reply {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly streamOf?: number;

  constructor({ status, body, type, headers, streamOf }: Reply) {
    this.status = status;
    this.body = body;
    if (type !== undefined) this.type = type;
    if (headers !== undefined) this.headers = headers;
    if (streamOf !== undefined) this.streamOf = streamOf;
  }
}

export const fullReply = (reply: Partial<Reply> & { readonly body: unknown }): Reply =>
  new FullReply({ status: 200, ...reply });

/** What an operation has returned, as a whole reply. */
export const asReply = (returned: unknown): Reply =>
  returned instanceof FullReply ? returned : { status: 200, body: returned ?? null };
