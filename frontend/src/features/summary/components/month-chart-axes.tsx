import { formatDayNumber } from "@/lib/dates/format";
import styles from "./month-chart.module.css";

type Scale = (value: number) => number;

export interface GridLinesProps {
  y: Scale;
  start: number;
  end: number;
  /** Round amounts and their labels. */
  ticks: readonly { at: number; text: string }[];
}

/** Horizontal grid lines at round amounts. */
export function GridLines({ y, start, end, ticks }: GridLinesProps) {
  return ticks.map(({ at, text }) => (
    <g key={at}>
      <line className={at === 0 ? styles.baseline : styles.grid} x1={start} x2={end} y1={y(at)} y2={y(at)} />
      <text className={styles.tick} x={start - 8} y={y(at)} dy="0.32em" textAnchor="end">
        {text}
      </text>
    </g>
  ));
}

export interface DayColumnsProps {
  x: Scale;
  days: readonly string[];
  height: number;
  today: string;
  locale: string;
  pointedDay: number | null;
  onPoint(pointedDay: number | null): void;
}

/** Labels the first day of each week and today, and draws a strip per day for the pointer. */
export function DayColumns({ x, days, height, today, locale, pointedDay, onPoint }: DayColumnsProps) {
  return days.map((day, index) => (
    <g key={day}>
      {isLabelled(day, index, days, today) ? (
        <text
          className={day === today ? styles.today : styles.tick}
          x={x(index + 0.5)}
          y={height - 6}
          textAnchor="middle"
        >
          {formatDayNumber(day, locale)}
        </text>
      ) : null}
      <rect
        className={styles.strip}
        data-pointed={pointedDay === index || undefined}
        x={x(index)}
        width={x(1) - x(0)}
        height={height}
        onMouseEnter={() => onPoint(index)}
        onMouseLeave={() => onPoint(null)}
      />
    </g>
  ));
}

/** Labels today, and every seventh day unless its label would touch today's. */
function isLabelled(day: string, index: number, days: readonly string[], today: string): boolean {
  const todayIndex = days.indexOf(today);
  return day === today || (index % 7 === 0 && (todayIndex < 0 || Math.abs(todayIndex - index) > 1));
}
