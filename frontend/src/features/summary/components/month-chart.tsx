import { curveMonotoneX } from "@visx/curve";
import { Group } from "@visx/group";
import { useParentSize } from "@visx/responsive";
import { scaleLinear } from "@visx/scale";
import { AreaStack, LinePath } from "@visx/shape";
import { useMemo, useState } from "react";
import { REST_TINT } from "@/lib/ledger/categories";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import type { Trends } from "../api/trends";
import { ceilingOf, heightOf, layersOf, REST, type RunningPoint, runningOf } from "../running";
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
  const x = scaleLinear({ domain: [0, trends.buckets.length], range: [0, width - MARGIN.start - MARGIN.end] });
  const y = scaleLinear({ domain: [0, ceilingOf(now, then)], range: [height - MARGIN.bottom, MARGIN.top], nice: 3 });
  const last = now.at(-1);
  return (
    <svg role="img" aria-label={label} width={width} height={height}>
      <Ground y={y} start={MARGIN.start} end={width - MARGIN.end} currency={trends.currency} locale={locale} />
      <Group left={MARGIN.start}>
        <AreaStack<RunningPoint, string>
          data={now}
          keys={layers}
          value={(point, layer) => heightOf(layer, point, layers)}
          x={(point) => x(point.data.day)}
          y0={(point) => y(point[0])}
          y1={(point) => y(point[1])}
          curve={curveMonotoneX}
        >
          {({ stacks, path }) =>
            stacks.map((stack) => (
              <path
                key={stack.key}
                d={path(stack) ?? ""}
                className={styles.layer}
                data-dimmed={(litLayer !== null && litLayer !== stack.key) || undefined}
                style={{ fill: tints.get(stack.key) ?? REST_TINT }}
              />
            ))
          }
        </AreaStack>
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
