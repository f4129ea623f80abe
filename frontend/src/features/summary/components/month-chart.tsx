import { curveMonotoneX } from "@visx/curve";
import { Group } from "@visx/group";
import { useParentSize } from "@visx/responsive";
import { scaleLinear } from "@visx/scale";
import { Area, LinePath } from "@visx/shape";
import { useMemo, useState } from "react";
import { OTHER_TINT } from "@/lib/ledger/categories";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { formatApproximate } from "@/lib/money/format";
import type { Trends } from "../api/trends";
import { layersOf, verticalDomain, OTHER_LAYER, cumulativePoints, stackLayers } from "../cumulative";
import { DayColumns, GridLines } from "./month-chart-axes";
import styles from "./month-chart.module.css";

export interface MonthChartProps {
  trends: Trends;
  /** The previous month, for comparison. */
  previousMonth: Trends | undefined;
  tints: ReadonlyMap<string, string>;
  /** The highlighted category, if any. */
  highlighted: string | null;
  label: string;
}

const MARGIN = { top: 10, bottom: 24, start: 52, end: 8 };
/** Maximum width of a character of the axis labels, in pixels. */
const CHARACTER_WIDTH = 7;

/** The month's cumulative spending, in layers of the categories' colours; the previous month as a dashed line. */
export default function MonthChart(props: MonthChartProps) {
  const { parentRef, width, height } = useParentSize({ debounceTime: 50 });
  const [pointedDay, setPointedDay] = useState<number | null>(null);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption} aria-hidden="true">
        <Caption {...props} pointedDay={pointedDay} />
      </figcaption>
      <div ref={parentRef} className={styles.canvas}>
        {width > 0 && height > 0 ? (
          <Layers {...props} width={width} height={height} pointedDay={pointedDay} onPoint={setPointedDay} />
        ) : null}
      </div>
    </figure>
  );
}

/** Describes the pointed day, or else the dashed line. */
function Caption({ trends, previousMonth, pointedDay }: MonthChartProps & { pointedDay: number | null }) {
  const formats = useFormats();
  const day = pointedDay === null ? undefined : trends.buckets[pointedDay];
  const total = pointedDay === null ? undefined : trends.totals[pointedDay];
  if (day && total) return `${formats.day(day)}: ${formats.money(total, trends.currency)}`;
  return previousMonth ? (
    <>
      <span className={styles.dash} /> {formats.month(previousMonth.from.slice(0, 7))}
    </>
  ) : null;
}

interface LayersProps extends MonthChartProps {
  width: number;
  height: number;
  pointedDay: number | null;
  onPoint(pointedDay: number | null): void;
}

function Layers({ trends, previousMonth, tints, highlighted, label, width, height, pointedDay, onPoint }: LayersProps) {
  const { locale } = useLedger();
  const { today } = useFormats();
  const layers = useMemo(() => layersOf(trends), [trends]);
  const highlightedLayer = highlighted === null || layers.includes(highlighted) ? highlighted : OTHER_LAYER;
  const currentPoints = useMemo(() => cumulativePoints(trends, today), [trends, today]);
  const previousPoints = useMemo(
    () => (previousMonth ? cumulativePoints(previousMonth, today).slice(0, trends.buckets.length + 1) : []),
    [previousMonth, trends, today],
  );
  const stacks = useMemo(() => stackLayers(currentPoints, layers), [currentPoints, layers]);
  const y = scaleLinear({
    domain: verticalDomain(stacks, previousPoints),
    range: [height - MARGIN.bottom, MARGIN.top],
    nice: 3,
  });
  const ticks = y.ticks(3).map((at) => ({ at, text: formatApproximate(at, trends.currency, locale) }));
  const start = Math.max(MARGIN.start, ...ticks.map(({ text }) => (text.length + 2) * CHARACTER_WIDTH));
  const x = scaleLinear({ domain: [0, trends.buckets.length], range: [0, width - start - MARGIN.end] });
  const last = currentPoints.at(-1);
  return (
    <svg role="img" aria-label={label} width={width} height={height}>
      <GridLines y={y} start={start} end={width - MARGIN.end} ticks={ticks} />
      <Group left={start}>
        {stacks.map(({ layer, bands }) => (
          <Area
            key={layer}
            data={[...bands]}
            x={(band) => x(band.day)}
            y0={(band) => y(band.from)}
            y1={(band) => y(band.to)}
            curve={curveMonotoneX}
            className={styles.layer}
            data-dimmed={(highlightedLayer !== null && highlightedLayer !== layer) || undefined}
            style={{ fill: tints.get(layer) ?? OTHER_TINT }}
          />
        ))}
        <LinePath
          data={[...previousPoints]}
          x={(point) => x(point.day)}
          y={(point) => y(point.total)}
          curve={curveMonotoneX}
          className={styles.then}
        />
        {last && last.day > 0 ? <circle className={styles.last} cx={x(last.day)} cy={y(last.total)} r={4} /> : null}
        <DayColumns
          x={x}
          days={trends.buckets}
          height={height}
          today={today}
          locale={locale}
          pointedDay={pointedDay}
          onPoint={onPoint}
        />
      </Group>
    </svg>
  );
}
