import { formatDayNumber } from "@/lib/dates/format";
import styles from "./month-chart.module.css";

type Scale = (value: number) => number;

export interface GroundProps {
  y: Scale;
  start: number;
  end: number;
  /** Round amounts, and how they are written. */
  marks: readonly { at: number; text: string }[];
}

/** Faint lines at round amounts. */
export function Ground({ y, start, end, marks }: GroundProps) {
  return marks.map(({ at, text }) => (
    <g key={at}>
      <line className={at === 0 ? styles.ground : styles.grid} x1={start} x2={end} y1={y(at)} y2={y(at)} />
      <text className={styles.tick} x={start - 8} y={y(at)} dy="0.32em" textAnchor="end">
        {text}
      </text>
    </g>
  ));
}

export interface DaysProps {
  x: Scale;
  days: readonly string[];
  height: number;
  today: string;
  locale: string;
  place: number | null;
  onPlace(place: number | null): void;
}

/** Each week's first day and today by name, and a strip for each day to point at. */
export function Days({ x, days, height, today, locale, place, onPlace }: DaysProps) {
  return days.map((day, at) => (
    <g key={day}>
      {isNamed(day, at, days, today) ? (
        <text className={day === today ? styles.today : styles.tick} x={x(at + 0.5)} y={height - 6} textAnchor="middle">
          {formatDayNumber(day, locale)}
        </text>
      ) : null}
      <rect
        className={styles.strip}
        data-pointed={place === at || undefined}
        x={x(at)}
        width={x(1) - x(0)}
        height={height}
        onMouseEnter={() => onPlace(at)}
        onMouseLeave={() => onPlace(null)}
      />
    </g>
  ));
}

/** Today always; else the first of each seven, unless today is so near that the two would touch. */
function isNamed(day: string, at: number, days: readonly string[], today: string): boolean {
  const todayAt = days.indexOf(today);
  return day === today || (at % 7 === 0 && (todayAt < 0 || Math.abs(todayAt - at) > 1));
}
