import { formatLogLine } from '../../sensor/log-line.ts';
import { dataRowBody } from '../../sensor/status.ts';
import { localTime } from '../../time/local-time.ts';
import { readingsReply } from './readings.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** Readings and log lines of a sensor (protocol §3, §7.1, §7.3). */
export function dataOperations(workshop: Workshop): OperationTable {
  const { store } = workshop;
  return {
    rows: (request) => readingsReply(workshop, request),

    firstRow: async (request) => {
      const row = await store.firstRow(workshop.twinOf(request).id);
      return row === null ? null : dataRowBody(row);
    },

    postData: async (request) => {
      workshop.ingest.reading(workshop.twinOf(request), request.body);
      await store.commit();
      return null;
    },

    log: async (request) => {
      const lines = await store.log(workshop.twinOf(request).id, workshop.logLines);
      return lines.map((line) => formatLogLine(localTime(line.at, request.timeZone), line.text));
    },
  };
}
