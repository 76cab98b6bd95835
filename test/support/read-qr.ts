import type { Locator } from 'playwright-core';
import decode from 'qr/decode.js';

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel. */
  readonly data: number[];
}

/** What a phone's camera would read from a QR code as it is on the screen. */
export async function readQr(code: Locator): Promise<string> {
  const png = (await code.screenshot()).toString('base64');
  const picture = (await code.page().evaluate(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png}';
    await image.decode();
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return { width, height, data: [...canvas.getImageData(0, 0, width, height).data] };
  })()`)) as Picture;
  return decode({ ...picture, data: Uint8Array.from(picture.data) });
}
