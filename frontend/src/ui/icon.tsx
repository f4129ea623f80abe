const PATHS = {
  back: "M14.5 5.5 8 12l6.5 6.5",
  forward: "M9.5 5.5 16 12l-6.5 6.5",
  down: "m6.5 9.5 5.5 5.5 5.5-5.5",
  calendar: "M5 7.5h14v12H5zM5 11h14M9 4.5v3M15 4.5v3",
  remove: "M5.5 7h13M10 4.5h4M7.5 7l.8 12h7.4l.8-12M10.5 10.5v5M13.5 10.5v5",
  close: "m6.5 6.5 11 11M17.5 6.5l-11 11",
  search: "M10.5 16.5a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM15 15l4.5 4.5",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  device: "M4.5 5.5h15v10h-15zM9 19.5h6M12 15.5v4",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 19.5c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5",
  up: "M12 19V5.5M6.5 11 12 5.5l5.5 5.5",
  fall: "M12 5v13.5M6.5 13l5.5 5.5 5.5-5.5",
  level: "M5 9.5h14M5 14.5h14",
  tick: "m5.5 12.5 4.5 4.5 8.5-10",
  dot: "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon; its meaning is always given in text beside it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
