import Type from 'typebox';

/** What a stream says, event by event. */
export const EventAnswer = Type.String({
  description:
    'Events in the format of Server-Sent Events: `event` says what has happened, `data` is JSON in one line, `id` is for the header Last-Event-ID. docs/protocol.md lists them.',
});
