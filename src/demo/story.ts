import type { App } from '../app.ts'
import { viewCase } from '../cases/view.ts'
import type { Message } from '../message/message.ts'
import type { Person } from './person.ts'

/** What the story needs: the people, the running program, and somewhere to tell it. */
export interface Stage {
  app: App
  kim: Person
  anna: Person
  supportAddress: string
  say(line: string): void
  /** Milliseconds, for how long a step took. */
  clock(): number
}

/** Plays the main road through real servers, and throws where a step did not happen. The case's number comes back. */
export async function playStory(stage: Stage): Promise<number> {
  const { kim, anna, say } = stage
  const step = makeSteps(stage)

  await step('Kim mails the support address, with a picture', async () => {
    await kim.send({
      to: stage.supportAddress,
      subject: 'Printeren på 2. sal er død',
      text: QUESTION,
      attachments: [PICTURE],
    })
  })
  const receipt = await step(
    'Kim is told that the mail has arrived',
    async () => await kim.receive((mail) => mail.subject.includes('[#')),
  )
  const number = numberIn(receipt)
  const opened = await step(
    `Anna is told of case #${number}`,
    async () => await anna.receive((mail) => numberIn(mail) === number),
  )
  demand(
    opened.attachments.some((it) => it.filename === PICTURE.filename),
    "Anna's mail carries the picture",
  )

  await step('Anna answers from her mail client', async () => await anna.answer(opened, ANSWER))
  const answer = await step('Kim gets the answer', async () => await kim.receive((mail) => mail.text.includes(ANSWER)))
  demand(!answer.headers.some((it) => it.value.includes(anna.who.address)), "Anna's own address is nowhere in it")
  say(`    from ${answer.from?.name} <${answer.from?.address}>`)

  await step('Kim answers above the quote', async () => await kim.answer(answer, THANKS))
  const thanks = await step(
    'Anna gets it, without the quote',
    async () => await anna.receive((mail) => mail.text.includes(THANKS)),
  )
  await step('Anna sends #solved', async () => await anna.answer(thanks, `#solved\n${SOLUTION}`))
  await step(
    'Kim gets the solution',
    async () => await kim.receive((mail) => mail.text.includes(SOLUTION) && mail.messageId !== answer.messageId),
  )

  await tellChangeLog(stage, number)
  return number
}

async function tellChangeLog(stage: Stage, number: number): Promise<void> {
  const it = await viewCase(stage.app.store.db, number)
  demand(it?.status === 'solved', `case #${number} is solved`)
  demand(it?.comments.length === 3, 'it has three comments')
  demand(it?.comments[1]?.text === THANKS, "Kim's comment is Kim's own words and nothing quoted")
  stage.say(`\nThe change log of case #${number}, ${it?.title}`)
  for (const row of it?.log ?? [])
    stage.say(
      `    ${row.at.slice(11, 23)}  ${row.actor}: ${row.what}${row.from ? ` ${row.from}` : ''}${row.to ? ` → ${row.to}` : ''}`,
    )
}

function makeSteps({ say, clock }: Stage) {
  return async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    const started = clock()
    const result = await act().catch((cause: unknown) => {
      throw new Error(`this step did not happen: ${what}`, { cause })
    })
    say(`  ${String(Math.round(clock() - started)).padStart(5)} ms  ${what}`)
    return result
  }
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the story is not true: ${what}`)
}

function numberIn(mail: Message): number {
  return Number(/\[#(\d+)\]/.exec(mail.subject)?.[1] ?? Number.NaN)
}

const QUESTION =
  'Hej support\n\nPrinteren på 2. sal er død igen. Den blinker rødt, og der står »Fejl 49« på skærmen.\nJeg har vedhæftet et billede.\n\nMed venlig hilsen\nKim Sørensen'
const ANSWER =
  'Hej Kim\n\nFejl 49 er en gammel kørsel, der hænger. Sluk printeren, træk netledningen ud i et minut, og tænd den igen.\n\nHilsen Anna'
const THANKS = 'Tak! Nu skriver den igen.'
const SOLUTION = 'Køen er nulstillet, og printeren har fået ny firmware, så fejlen ikke kommer igen.'

/** A red square: the smallest picture that a mail client shows. */
const PICTURE = {
  filename: 'printer på 2. sal.png',
  contentType: 'image/png',
  content: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
    'base64',
  ),
}
