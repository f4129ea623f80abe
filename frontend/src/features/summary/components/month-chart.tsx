import { curveMonotoneX } from "@visx/curve";
import { Group } from "@visx/group";
import { useParentSize } from "@visx/responsive";
import { scaleLinear } from "@visx/scale";
import { Area, LinePath } from "@visx/shape";
import { useMemo, useState } from "react";
import { REST_TINT } from "@/lib/ledger/categories";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { formatRough } from "@/lib/money/format";
import type { Trends } from "../api/trends";
import { layersOf, reachOf, REST, runningOf, stacksOf } from "../running";
import { Days, Ground } from "./month-chart-axes";
import styles from "./month-chart.module.css";

export interface MonthChartProps {
  trends: Trends;
  /** The month before, to compare with. */
  before: Trends | undefined;
  tints: ReadonlyMap<string, string>;
  /** The category that stands out, if any. */
  lit: string | null;
  label: string;
}

const MARGIN = { top: 10, bottom: 24, start: 52, end: 8 };
/** As wide as a character beside the ground can be. */
const CHARACTER = 7;

/** How the month adds up, in layers of the categories' colours; the month before as a dashed line. */
export default function MonthChart(props: MonthChartProps) {
  const { parentRef, width, height } = useParentSize({ debounceTime: 50 });
  const [place, setPlace] = useState<number | null>(null);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption} aria-hidden="true">
        <Caption {...props} place={place} />
      </figcaption>
      <div ref={parentRef} className={styles.canvas}>
        {width > 0 && height > 0 ? <Layers {...props} width={width} height={height} place={place} onPlace={setPlace} /> : null}
      </div>
    </figure>
  );
}

/** The day that is pointed at, else what the dashed line is. */
function Caption({ trends, before, place }: MonthChartProps & { place: number | null }) {
  const formats = useFormats();
  const day = place === null ? undefined : trends.buckets[place];
  const total = place === null ? undefined : trends.totals[place];
  if (day && total) return `${formats.day(day)}: ${formats.money(total, trends.currency)}`;
  return before ? (
    <>
      <span className={styles.dash} /> {formats.month(before.from.slice(0, 7))}
    </>
  ) : null;
}

interface LayersProps extends MonthChartProps {
  width: number;
  height: number;
  place: number | null;
  onPlace(place: number | null): void;
}

function Layers({ trends, before, tints, lit, label, width, height, place, onPlace }: LayersProps) {
  const { locale } = useLedger();
  const { today } = useFormats();
  const layers = useMemo(() => layersOf(trends), [trends]);
  const litLayer = lit === null || layers.includes(lit) ? lit : REST;
  const now = useMemo(() => runningOf(trends, today), [trends, today]);
  const then = useMemo(() => (before ? runningOf(before, today).slice(0, trends.buckets.length + 1) : []), [before, trends, today]);
  const stacks = useMemo(() => stacksOf(now, layers), [now, layers]);
  const y = scaleLinear({ domain: reachOf(stacks, then), range: [height - MARGIN.bottom, MARGIN.top], nice: 3 });
  const marks = y.ticks(3).map((at) => ({ at, text: formatRough(at, trends.currency, locale) }));
  const start = Math.max(MARGIN.start, ...marks.map(({ text }) => (text.length + 2) * CHARACTER));
  const x = scaleLinear({ domain: [0, trends.buckets.length], range: [0, width - start - MARGIN.end] });
  const last = now.at(-1);
  return (
    <svg role="img" aria-label={label} width={width} height={height}>
      <Ground y={y} start={start} end={width - MARGIN.end} marks={marks} />
      <Group left={start}>
        {stacks.map(({ layer, stretches }) => (
          <Area
            key={layer}
            data={[...stretches]}
            x={(stretch) => x(stretch.day)}
            y0={(stretch) => y(stretch.from)}
            y1={(stretch) => y(stretch.to)}
            curve={curveMonotoneX}
            className={styles.layer}
            data-dimmed={(litLayer !== null && litLayer !== layer) || undefined}
            style={{ fill: tints.get(layer) ?? REST_TINT }}
          />
        ))}
        <LinePath
          data={[...then]}
          x={(point) => x(point.day)}
          y={(point) => y(point.total)}
          curve={curveMonotoneX}
          className={styles.then}
        />
        {last && last.day > 0 ? <circle className={styles.last} cx={x(last.day)} cy={y(last.total)} r={4} /> : null}
        <Days x={x} days={trends.buckets} height={height} today={today} locale={locale} place={place} onPlace={onPlace} />
      </Group>
    </svg>
  );
}
