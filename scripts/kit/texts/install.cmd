@echo off
rem Installs Sluice from this stick:  install.cmd
rem Only looks whether the stick is whole:  install.cmd --verify
rem Installs an older version than the installed one:  install.cmd --older
rem Puts the program of before back:  install.cmd --rollback
rem Removes the program, and nothing else:  install.cmd --uninstall
rem
rem For the cmd.exe of any Windows since 7, with nothing but what it has. What is installed is replaced by renaming, at the very end:
rem whatever fails before leaves it as it was, and what fails then is put back.
rem
rem cmd.exe reads a line in unusual ways. Therefore:
rem - A path stands within quotes, and neither call nor a command in a for is given one: they would read it a second time. So blanks,
rem   ampersands, parentheses, carets, exclamation marks and percent signs in it are letters like others.
rem - Commands of cmd.exe itself (mkdir, ren, del) are judged by their result on the disk, programs by their exit code, which is
rem   read in a separate line, because within parentheses it would be expanded before the program runs.
setlocal EnableExtensions DisableDelayedExpansion
rem Variables of these names would hide what cmd.exe means by them; and none of the others may be there from before.
set "ERRORLEVEL="
set "RANDOM="
for %%v in (folder new answer seal made is_removed is_able older) do set "%%v="

rem With a dot: a backslash before the closing quote would take its meaning from it.
set "kit=%~dp0."
set "what=%~1"
set "name=sluice-win-x64.exe"
rem By its whole name: neither the stick nor PATH can put another in its place.
set "certutil=%SystemRoot%\System32\certutil.exe"
set "id=%RANDOM%%RANDOM%"
call :main
set "code=%ERRORLEVEL%"
call :clean_up
rem The window of a double click would close on what was said. Who starts it where nobody sits gives it nul to read from.
if not defined what pause
exit /b %code%

:main
if not exist "%kit%\CHECKSUMS" (
  >&2 echo install.cmd: there is no CHECKSUMS in "%kit%": run this script from the stick itself
  exit /b 1
)
call :choose_folder
if errorlevel 1 exit /b 1
if not defined what goto :install
if /i "%what%"=="--verify" goto :verify
if /i "%what%"=="--older" set "older=--older"
if /i "%what%"=="--older" goto :install
if /i "%what%"=="--rollback" goto :roll_back
if /i "%what%"=="--uninstall" goto :uninstall
>&2 echo install.cmd: unknown option "%what%": use install.cmd [--verify, --older, --rollback or --uninstall]
exit /b 1

rem Only an administrator may create a folder next to the programs of all users. A tool that reports this may be missing or forbidden.
:choose_folder
set "programs=%ProgramFiles%"
rem What a 32-bit cmd.exe calls ProgramFiles is another folder.
if defined ProgramW6432 set "programs=%ProgramW6432%"
if not defined programs (
  >&2 echo install.cmd: the folder for programs is unknown: ProgramFiles is not set
  exit /b 1
)
mkdir "%programs%\Sluice.probe-%id%" 2>nul
if exist "%programs%\Sluice.probe-%id%" goto :for_everybody
if not defined LOCALAPPDATA (
  >&2 echo install.cmd: the folder for your own programs is unknown: LOCALAPPDATA is not set
  exit /b 1
)
set "folder=%LOCALAPPDATA%\Sluice"
set "whose=--mine"
goto :name_files

:for_everybody
rmdir "%programs%\Sluice.probe-%id%"
set "folder=%programs%\Sluice"
set "whose="

:name_files
set "target=%folder%\sluice.exe"
set "previous=%folder%\sluice.previous.exe"
set "new=%folder%\sluice.new-%id%.exe"
set "old=%folder%\sluice.old-%id%.exe"
set "answer=%folder%\sluice.answer-%id%.txt"
set "seal=%folder%\sluice.seal-%id%"
set "taken="
if exist "%target%\*" set "taken=%target%"
if exist "%previous%\*" set "taken=%previous%"
if not defined taken exit /b 0
>&2 echo install.cmd: "%taken%" is a folder: move it away, then try again
exit /b 1

:verify
call :read_seal
if errorlevel 1 exit /b 1
call :ask_what_is_here
if errorlevel 1 exit /b 1
call :copy_checked
if errorlevel 1 exit /b 1
"%new%" kit verify "%kit%" --seal "%seal%"
exit /b %ERRORLEVEL%

rem What vouches for the stick is read once, here. A stick may answer differently the next time: what was verified is what is used.
:read_seal
if not exist "%folder%" set "made=1"
if not exist "%folder%" mkdir "%folder%" 2>nul
if exist "%seal%" goto :no_seal
mkdir "%seal%" 2>nul
if not exist "%seal%" goto :no_seal
for %%f in (CHECKSUMS CHECKSUMS.sig SIGNING-KEY.pub) do copy /b /y "%kit%\%%f" "%seal%\%%f" >nul 2>nul
exit /b 0
:no_seal
>&2 echo install.cmd: cannot write into "%folder%"
exit /b 1

rem What is on this machine looks at the stick before anything of the stick runs: a changed program would say that all is well. One of
rem earlier years may not be able to tell. Whether it is able is asked without the stick: from a stick that makes it fail, nothing is installed.
:ask_what_is_here
if not exist "%target%" exit /b 0
"%target%" kit verify --help >"%answer%" 2>nul
for /f "usebackq tokens=1" %%a in ("%answer%") do if "%%a"=="--seal" set "is_able=1"
if not defined is_able exit /b 0
"%target%" kit verify "%kit%" --seal "%seal%" %older% >"%answer%" 2>&1
if "%ERRORLEVEL%"=="0" exit /b 0
if not "%ERRORLEVEL%"=="1" goto :cannot_look
type "%answer%" >&2
>&2 echo install.cmd: the installed "%target%" refuses this stick; nothing of the stick was run
exit /b 1
:cannot_look
type "%answer%" >&2
>&2 echo install.cmd: the installed "%target%" could not verify this stick; nothing of the stick was run
exit /b 1

rem Copies the executable to where it would be installed, under another name, and compares the copy: it is the copy that is run.
:copy_checked
if not exist "%kit%\bin\%name%" (
  >&2 echo install.cmd: bin/%name% is not on this stick
  exit /b 1
)
copy /b /y "%kit%\bin\%name%" "%new%" >nul
if errorlevel 1 (
  >&2 echo install.cmd: cannot write into "%folder%": bin/%name% could not be copied there
  exit /b 1
)
set "file=%new%"
call :sha256_of_file
if errorlevel 1 exit /b 1
set "is_listed="
set "is_right="
for /f "usebackq tokens=1,*" %%a in ("%seal%\CHECKSUMS") do (
  if "%%b"=="bin/%name%" set "is_listed=1"
  if /i "%%a %%b"=="%sum% bin/%name%" set "is_right=1"
)
if not defined is_listed (
  >&2 echo install.cmd: CHECKSUMS was changed: bin/%name% is not in it. Install nothing from this stick
  exit /b 1
)
if not defined is_right (
  >&2 echo install.cmd: bin/%name% was changed: its sha256 is not the one in CHECKSUMS. Install nothing from this stick
  exit /b 1
)
"%new%" --version >nul
if "%ERRORLEVEL%"=="0" exit /b 0
>&2 echo install.cmd: bin/%name% cannot run on this machine from "%folder%"
exit /b 1

rem certutil says it in its second line; that of Windows 7 puts blanks between the bytes.
:sha256_of_file
set "sum="
rem Each answer has a separate file: an earlier one that a scanner still holds can neither be written nor be taken for this one.
set "answer=%folder%\sluice.answer-%id%-%RANDOM%.txt"
if exist "%answer%" goto :no_sha256
"%certutil%" -hashfile "%file%" SHA256 >"%answer%"
if not "%ERRORLEVEL%"=="0" goto :no_sha256
for /f "usebackq skip=1 delims=" %%l in ("%answer%") do if not defined sum set "sum=%%l"
if not defined sum goto :no_sha256
set "sum=%sum: =%"
if "%sum:~63,1%"=="" goto :no_sha256
if "%sum:~64%"=="" exit /b 0
:no_sha256
>&2 echo install.cmd: "%certutil%" could not compute the sha256 of "%file%"
exit /b 1

:install
del /f /q "%folder%\sluice.new-*.exe" "%folder%\sluice.answer-*.txt" 2>nul
for /d %%d in ("%folder%\sluice.seal-*") do rmdir /s /q "%%d" 2>nul
call :read_seal
if errorlevel 1 goto :nothing_installed
call :ask_what_is_here
if errorlevel 1 goto :nothing_installed
call :copy_checked
if errorlevel 1 goto :nothing_installed
"%new%" kit verify "%kit%" --seal "%seal%"
if not "%ERRORLEVEL%"=="0" goto :nothing_installed
set "is_upgrade="
if not exist "%target%" goto :put_in_place
set "is_upgrade=1"
set "new_sum=%sum%"
set "file=%target%"
call :sha256_of_file
if errorlevel 1 goto :nothing_installed
if /i not "%sum%"=="%new_sum%" goto :put_in_place
call :remember
echo "%target%" is already the same program; nothing was changed
exit /b 0

rem Windows lets a program that runs be renamed, and neither replaced nor removed. ren never replaces anything.
:put_in_place
if not defined is_upgrade goto :rename_new
if exist "%previous%" ren "%previous%" "sluice.old-%id%.exe"
if exist "%previous%" goto :put_back
ren "%target%" "sluice.previous.exe"
if exist "%target%" goto :put_back
:rename_new
ren "%new%" "sluice.exe"
if not exist "%target%" goto :put_back
del /f /q "%folder%\sluice.old-*.exe" 2>nul
call :remember
goto :tell_next

:put_back
if defined is_upgrade if not exist "%target%" ren "%previous%" "sluice.exe"
if exist "%old%" if not exist "%previous%" ren "%old%" "sluice.previous.exe"
if defined is_upgrade if not exist "%target%" (
  >&2 echo install.cmd: cannot rename the program in "%folder%": the earlier program is now sluice.previous.exe
  exit /b 1
)
if exist "%old%" >&2 echo CAUTION: the earlier sluice.previous.exe is now "%old%"
>&2 echo install.cmd: cannot rename the program in "%folder%": some other program holds it. The installed program is unchanged; try again
:nothing_installed
>&2 echo install.cmd: nothing was installed
exit /b 1

:remember
"%target%" kit remember %whose% "%seal%"
if not "%ERRORLEVEL%"=="0" echo CAUTION: the next stick cannot be compared with this one
exit /b 0

:tell_next
echo installed: "%target%"
"%target%" --version
if defined whose echo only for yourself, because you are not an administrator here
if defined whose if exist "%programs%\Sluice\sluice.exe" echo CAUTION: the one for all users is a different program: "%programs%\Sluice\sluice.exe"
if exist "%old%" echo an earlier program still runs; the next installation removes it: "%old%"
if defined is_upgrade (
  echo the earlier program is kept: "%previous%" [install.cmd --rollback restores it]
  echo next: "%target%" restart --drain    finishes running copies, then starts the new program
) else (
  echo next: "%target%" init --from FOLDER --to FOLDER
  echo then: "%target%" service install %whose%
)
exit /b 0

:roll_back
if not exist "%previous%" (
  >&2 echo install.cmd: there is no "%previous%" to put back
  exit /b 1
)
if exist "%target%" ren "%target%" "sluice.old-%id%.exe"
if exist "%target%" goto :not_rolled_back
ren "%previous%" "sluice.exe"
if not exist "%target%" goto :not_rolled_back
if exist "%old%" ren "%old%" "sluice.previous.exe"
if exist "%old%" echo CAUTION: the program that it replaced is now "%old%"
echo put back: "%target%"
"%target%" --version
if exist "%previous%" echo the program that it replaced is now "%previous%"
echo next: "%target%" restart --drain
echo if that says that the journal was written by a newer Sluice: INSTALL.txt, ROLL BACK
exit /b 0

:not_rolled_back
if exist "%old%" ren "%old%" "sluice.exe"
if exist "%old%" (
  >&2 echo install.cmd: cannot rename the program in "%folder%": the earlier program is now "%old%"
  exit /b 1
)
>&2 echo install.cmd: cannot rename the program in "%folder%"; it is unchanged
exit /b 1

rem The program itself knows whether something would go on without it.
:uninstall
if not exist "%target%" goto :remove_previous
set "service="
"%target%" service status %whose% >"%answer%" 2>nul
if not exist "%answer%" (
  >&2 echo install.cmd: cannot write into "%folder%"
  exit /b 1
)
for /f "usebackq tokens=1,2" %%a in ("%answer%") do if not defined service set "service=%%a %%b"
if defined service if not "%service%"=="not installed" (
  >&2 echo install.cmd: it is installed as a service: first run "%target%" service uninstall %whose%
  exit /b 1
)
"%target%" status >nul 2>nul
set "status=%ERRORLEVEL%"
if "%status%"=="0" goto :agent_runs
if "%status%"=="1" goto :agent_runs
rem One that these settings do not lead to: Windows does not remove a program that runs.
del /f /q "%target%" 2>nul
if exist "%target%" (
  >&2 echo install.cmd: cannot remove "%target%": it is running, or you have no right to. Stop it first
  >&2 echo   with "%target%" stop, and add --state FOLDER if it has another state folder
  exit /b 1
)
echo removed: "%target%"
set "is_removed=1"

:remove_previous
if not exist "%previous%" goto :removed
del /f /q "%previous%" 2>nul
if exist "%previous%" (
  >&2 echo install.cmd: cannot remove "%previous%": it is running, or you have no right to. Stop it first: "%previous%" stop
  exit /b 1
)
echo removed: "%previous%"
set "is_removed=1"

:removed
if not defined is_removed (
  >&2 echo install.cmd: nothing is installed in "%folder%"
  exit /b 1
)
del /f /q "%folder%\sluice.old-*.exe" "%folder%\sluice.new-*.exe" 2>nul
set "made=1"
echo The copied files, the journal and the configuration stay:
if defined whose echo   "%APPDATA%\Sluice" and "%LOCALAPPDATA%\Sluice\state"
if not defined whose echo   "%ProgramData%\Sluice"
exit /b 0

:agent_runs
>&2 echo install.cmd: an agent is running: first run "%target%" stop
exit /b 1

rem A folder that was made here is taken away where nothing is left in it: rmdir removes none that holds anything.
:clean_up
if not defined folder exit /b 0
del /f /q "%new%" "%folder%\sluice.answer-%id%*.txt" 2>nul
if exist "%seal%" rmdir /s /q "%seal%" 2>nul
if defined made rmdir "%folder%" 2>nul
exit /b 0
