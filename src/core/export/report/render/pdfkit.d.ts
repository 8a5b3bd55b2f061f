/** What of pdfkit is used here; the package brings no types of its own. */
declare module "pdfkit" {
  interface Options {
    readonly size: "A4";
    readonly layout: "landscape";
    readonly margin: number;
    readonly autoFirstPage: boolean;
    /** Pages stay open until the end, so that each can say how many there are. */
    readonly bufferPages: boolean;
    readonly lang: string;
    readonly displayTitle: boolean;
    readonly pdfVersion: "1.7";
    readonly info: {
      readonly Title: string;
      readonly Subject: string;
      readonly Creator: string;
      readonly Producer: string;
      readonly CreationDate: Date;
      readonly ModDate: Date;
    };
  }

  interface OutlineItem {
    addItem(title: string): OutlineItem;
  }

  export class PDFDocument {
    constructor(options: Options);
    readonly outline: OutlineItem;
    addPage(): this;
    bufferedPageRange(): { readonly start: number; readonly count: number };
    switchToPage(page: number): unknown;
    font(name: string): this;
    fontSize(points: number): this;
    widthOfString(text: string): number;
    /** `lineBreak: false` writes one line and leaves the page as it is. */
    text(text: string, x: number, y: number, options: { readonly lineBreak: false }): this;
    fillColor(colour: string): this;
    fillOpacity(opacity: number): this;
    strokeColor(colour: string): this;
    lineWidth(points: number): this;
    dash(length: number, options: { readonly space: number }): this;
    undash(): this;
    rect(x: number, y: number, width: number, height: number): this;
    circle(x: number, y: number, radius: number): this;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    fill(): this;
    stroke(): this;
    on(event: "data", listener: (chunk: Uint8Array) => void): this;
    on(event: "end", listener: () => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    end(): void;
  }
}
