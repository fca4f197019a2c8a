import { copyButtons } from './copy-buttons.ts'
import { drawPlots } from './plots.ts'
import { SwimlaneView } from './swimlane-view.ts'

copyButtons()
drawPlots()
for (const host of document.querySelectorAll<HTMLElement>('.swimlane')) new SwimlaneView(host).render()
